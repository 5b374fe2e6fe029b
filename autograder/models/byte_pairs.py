"""A byte-level BPE tokenizer from a list of byte strings and their ranks, which is how GPT-2's is published for other tools.

The list says what to merge, and in which order, but not what each entry was merged from.  That follows: an entry's two parts are what
the merges of lower rank leave of its bytes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ranks = dict[bytes, int]


def read_ranks(text: bytes) -> Ranks:
    """From lines of a byte string in base64 and its rank, which is also its id."""
    entries = (line.split() for line in text.splitlines() if line)
    return {base64.b64decode(entry): int(rank) for entry, rank in entries}


def merges(ranks: Ranks) -> Iterator[tuple[bytes, bytes]]:
    """What is merged, in order.  Raises ValueError for an entry that no two others make."""
    for entry, rank in sorted(ranks.items(), key=lambda item: item[1]):
        if len(entry) == 1:
            continue
        parts = [bytes([byte]) for byte in entry]
        while len(parts) > 2:
            found = [(ranks.get(left + right, rank), at) for at, (left, right) in enumerate(pairwise(parts))]
            lowest, at = min(found)
            if lowest >= rank:
                raise ValueError(f"no two entries make {entry!r}")
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        yield parts[0], parts[1]


def characters() -> list[str]:
    """A printable character for each of the 256 bytes: itself where it is printable and no space, else one above 255."""
    plain = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def tokenizer(ranks: Ranks, end: str) -> Tokenizer:
    """The tokenizer with `end` as a special token after all others."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    letters = characters()

    def spell(entry: bytes) -> str:
        return "".join(letters[byte] for byte in entry)

    vocabulary = {spell(entry): rank for entry, rank in ranks.items()} | {end: len(ranks)}
    pairs = [(spell(left), spell(right)) for left, right in merges(ranks)]
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.ByteLevel(trim_offsets=False)
    made.add_special_tokens([AddedToken(end, normalized=False)])
    return made
