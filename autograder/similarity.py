"""Which answers of a class resemble each other more than answers to the same task do: pairs for a person to look at, never a verdict.

Winnowing (Schleimer, Wilkerson & Aiken, SIGMOD 2003) through the package copydetect: names, strings, comments and spaces are levelled, and
what the release holds or much of the class has in common does not count."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from autograder.model import Manifest, NotGradable, Role, Submission

NOISE = 20
"""Levelled characters that two answers must have in a row for it to count."""
COMMON = 0.2
"""What more than this share of the class has, and more than three students, is how one solves the task."""
LEAST = 100
"""Levelled characters in common below which a pair says nothing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students, the share of each one's own code that the other has too (0 to 1), and the longest passage in the first one's words."""

    one: str
    other: str
    share: float
    other_share: float
    passage: str

    @property
    def most(self) -> float:
        return max(self.share, self.other_share)


def answers(submission: Submission) -> str:
    """What the student wrote: the helper files, the answer cells and the cells that the release does not have."""
    own = (
        cell.source for cell in submission.cells if cell.cell_type == "code" and cell.role in {Role.ANSWER, Role.CODE}
    )
    return "\n\n".join([*(source for _, source in submission.files), *own])


def similar(manifest: Manifest, submissions: Iterable[Submission | NotGradable], *, least: float = 0.5) -> list[Pair]:
    """The pairs of which one shares `least` or more of its own code with the other, the most alike first."""
    texts = {one.student: answers(one) for one in submissions if isinstance(one, Submission)}
    released = [cell.source for cell in manifest.cells if cell.cell_type == "code"]
    return compared(texts, released, least=least)


def compared(texts: Mapping[str, str], released: Iterable[str], *, least: float = 0.5) -> list[Pair]:
    """`similar` for plain texts: student → code."""
    from copydetect import CodeFingerprint

    def prints(text: str, without: Iterable[int] = ()) -> Any:
        import numpy as np

        known = np.array(sorted(without))
        return CodeFingerprint("answer.py", NOISE, 1, boilerplate=known, fp=io.StringIO(text), language="python")

    known = {number for text in released for number in prints(text).hashes}
    holders = Counter(number for text in texts.values() for number in prints(text).hashes)
    many = max(3, COMMON * len(texts))
    known |= {number for number, count in holders.items() if count > many}
    own = {student: _without(prints(text), known) for student, text in texts.items()}
    pairs = (_pair(one, other, own) for one, other in _candidates(own))
    return sorted(
        (pair for pair in pairs if pair and pair.most >= least), key=lambda pair: (-pair.most, pair.one, pair.other)
    )


def _without(prints: Any, known: set[int]) -> Any:
    """Takes `known` out of fingerprints (copydetect's own way of doing so wants each hash at most once in a text)."""
    from copydetect.utils import get_token_coverage

    prints.hashes = prints.hashes - known
    prints.hash_idx = {number: places for number, places in prints.hash_idx.items() if number not in known}
    prints.token_coverage = (
        get_token_coverage(prints.hash_idx, NOISE, len(prints.filtered_code)) if prints.hashes else 0
    )
    return prints


def _candidates(own: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs with enough in common to be compared: few, of the many that a class has."""
    holders: dict[int, list[str]] = {}
    for student, prints in own.items():
        for number in prints.hashes:
            holders.setdefault(number, []).append(student)
    common = Counter(pair for students in holders.values() for pair in combinations(students, 2))
    return sorted(pair for pair, count in common.items() if count > LEAST - NOISE)


def _pair(one: str, other: str, own: Mapping[str, Any]) -> Pair | None:
    from copydetect import compare_files

    first = own[one]
    length, (share, other_share), (places, _) = compare_files(first, own[other])
    if length < LEAST:
        return None
    start, end = max(zip(*places.tolist(), strict=True), key=lambda place: place[1] - place[0])
    passage = first.raw_code[int(start) : int(end)].strip()
    return Pair(one, other, round(min(1.0, float(share)), 3), round(min(1.0, float(other_share)), 3), passage)
