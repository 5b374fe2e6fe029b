"""CSV as learning management systems write it and spreadsheets open it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError

MAX_BYTES = 64 * 1024 * 1024
# A program that takes another character for the separator, or a line break for the end of a row, sees cells inside of a cell.
_SEPARATORS = frozenset(',;|\t\r\n"')
_UNSEEN = r"\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# A sign before a plain number starts none.  The wide forms are what East Asian spreadsheets read as the narrow ones.
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\s*(?:[,;|\t\r\n\"\])}]|$)"
_FORMULA = rf"[=@＝＠]|[+\-＋－](?!{_NUMBER})"  # noqa: RUF001
# The look-behind makes it try each run of separators and blanks once, from its start.
_BEFORE_A_FORMULA = re.compile(rf"(?<![,;|\"{_UNSEEN}])[,;|\"{_UNSEEN}]+(?={_FORMULA})")
_STARTS_A_FORMULA = re.compile(_FORMULA)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of the same length."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[dict[str, str]]:
        return (dict(zip(self.header, row, strict=True)) for row in self.rows)


def read(path: Path) -> Table:
    """The table in a CSV file: UTF-8 with or without a mark, or UTF-16; separated by comma, semicolon or tab.

    Raises UsageError where it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Name a CSV file, with its folder.") from error
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} is too large for a table of a class.", "Is it another file?")
    try:
        text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        found = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} is not a CSV file: {error}.", "Save it as CSV, in UTF-8.") from error
    if not found:
        raise UsageError(f"{path} is empty.", "Download or save it again.")
    width = len(found[0])
    for number, row in enumerate(found, start=1):
        if len(row) > width and any(row[width:]):
            raise UsageError(f"{path}, line {number}: there are more cells than columns.", "Is a comma not quoted?")
    padded = [tuple([*row, *[""] * width][:width]) for row in found]
    return Table(tuple(name.strip() for name in padded[0]), tuple(padded[1:]))


def cell(value: object) -> str:
    """`value` as a cell that no spreadsheet runs: what looks like a formula, also after a separator or blanks inside of it, gets an
    apostrophe, numbers stay numbers."""
    if value is None:
        return ""
    text = f"{round(value, 2):.12g}" if isinstance(value, float) else str(value)
    text = text.replace("\0", "")
    text = _BEFORE_A_FORMULA.sub(
        lambda run: f"{run[0]}'" if run.start() == 0 or _SEPARATORS.intersection(run[0]) else run[0], text
    )
    return f"'{text}" if text.startswith(("\t", "\r")) or _STARTS_A_FORMULA.match(text) else text


def text_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file (comma, CRLF), every cell made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([cell(value) for value in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()
