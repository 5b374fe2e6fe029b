"""timestamp.txt, nbgrader's note beside a submission of when it came."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, tzinfo
from pathlib import Path

NAME = "timestamp.txt"


def handed_in_at(folder: Path) -> datetime | None:
    """The time in `folder`/timestamp.txt, in UTC; None where there is no such file or it holds something else.

    The file may be a student's: no link is followed, nothing waits, and 100 bytes are read."""
    try:
        descriptor = os.open(folder / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return parse(file.read(100).decode("utf-8", "replace"))


def parse(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A time as people and programs write it, in UTC; one that names no zone is in `zone`.  None for anything else."""
    from dateutil import parser  # type: ignore[import-untyped]

    try:
        found: datetime = parser.parse(text.strip(), tzinfos=_zone)
        return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def written(time: datetime) -> str:
    """`time` as nbgrader writes it."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"


def _zone(name: str | None, offset: int | None) -> tzinfo | int | None:
    from dateutil import tz

    if offset is not None or name is None:
        return offset
    found: tzinfo | None = tz.gettz(name) if name.isalpha() else None
    return found
