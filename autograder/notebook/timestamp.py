"""timestamp.txt, nbgrader's note beside a submission of when it came."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder import files

NAME = "timestamp.txt"
EXAMPLE = "2027-02-12 21:58:03 UTC"
MAX_LENGTH = 100
"""Characters of a time, at most: a longer text is none."""
_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?(?:[A-Z]{1,5}|[+-][0-9]{2}:?[0-9]{2}))?"
)


def handed_in_at(folder: Path) -> datetime | None:
    """The time in `folder`/timestamp.txt, in UTC; None where there is no such file or it holds something else (`fault`).

    The file may be a student's."""
    data = files.plain(folder / NAME, 4 * MAX_LENGTH)
    return stated(data.decode("utf-8", "replace")) if data else None


def fault(folder: Path) -> str:
    """What is wrong with `folder`/timestamp.txt, in one sentence; empty where it is fine or not there."""
    if not os.path.lexists(folder / NAME) or handed_in_at(folder) is not None:
        return ""
    return f"{NAME} is no file with a time like {EXAMPLE}, so nobody knows when the work came."


def stated(text: str) -> datetime | None:
    """The time that a timestamp.txt states: year, month and day in figures, then the time of day, then UTC, an offset or a zone's
    short name; UTC if it names none.  None for anything else."""
    text = text.strip()
    return parse(text) if _FORM.fullmatch(text) else None


def parse(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A time as people and systems write it, in UTC; one that names no zone is in `zone`.  None for anything else.

    For texts that no student writes; for those there is `stated`."""
    from dateutil import parser  # type: ignore[import-untyped]

    if len(text) > MAX_LENGTH:
        return None
    try:
        found: datetime = parser.parse(text.strip(), tzinfos=_zone)
        return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, ArithmeticError, TypeError):  # of decimal too, which dateutil counts with
        return None


def written(time: datetime) -> str:
    """`time` as nbgrader writes it."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"


def _zone(name: str | None, offset: int | None) -> tzinfo | int | None:
    from dateutil import tz

    if offset is not None or name is None:
        return offset
    found: tzinfo | None = tz.gettz(name) if name.isalpha() else None
    if found is None:  # dateutil would take it as no zone: hours wrong, without a word
        raise ValueError(f"{name} is no zone that is the same everywhere")
    return found
