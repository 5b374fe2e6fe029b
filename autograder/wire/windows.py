"""Where two texts differ, and what stands around that place."""

from __future__ import annotations

import unicodedata
from typing import Any

from autograder.wire.shown import quoted

FULL = 80
"""Up to so many characters a text is shown whole."""
AROUND = 18
"""Characters of a text on each side of the first that differs."""


def looks(text: str) -> str:
    """What is seen of a text: not how many blanks there are, nor of which parts its letters are made."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def window(text: Any, place: int, *, alike: bool) -> str:
    """What stands around `place`; where two texts would look alike, with blanks and letters beyond ASCII made visible."""
    left, right = (0, len(text)) if len(text) <= FULL else (max(0, place - AROUND), place + AROUND)
    part = text[left:right]
    shown = ascii(part).replace(" ", "␣") if alike else quoted(part, len(part))
    begin = shown.index(shown[-1]) + 1
    return f"{shown[:begin]}{'…' if left else ''}{shown[begin:-1]}{'…' if right < len(text) else ''}{shown[-1]}"


def first_place(one: Any, other: Any) -> int:
    """The first place in which two texts differ."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
