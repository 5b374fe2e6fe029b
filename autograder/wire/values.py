"""What a message may hold besides plain Python values, and the body that its raw buffers lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class WireError(Exception):
    """The other side broke the format: wrong lengths, unknown tags, too large, too deep."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that does not cross the wire: all that is known of it is its type's name."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that the receiver builds or finds by itself from plain data (a course model, a seeded tiny model)."""

    spec: dict[str, Any]


class Body:
    """The raw buffers of a frame, taken one after the other: no offset is ever believed."""

    __slots__ = ("data", "position")

    def __init__(self, data: bytes | bytearray) -> None:
        self.data, self.position = data, 0

    def take(self, length: int) -> bytes | bytearray:
        start, end = self.position, self.position + length
        if length < 0 or end > len(self.data):
            raise WireError("a buffer reaches beyond its frame")
        self.position = end
        return self.data[start:end]
