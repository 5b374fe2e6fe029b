"""What a message may hold besides plain Python values, and the body that its raw buffers lie in.

No class of a notebook is ever made on the trusted side: a member of an enumeration arrives as a `Member`, an instance of a dataclass
as a `Record`, a named tuple as a `NamedRecord`, and what cannot be sent as an `Opaque`."""

from __future__ import annotations

import dataclasses
import keyword
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self


class WireError(Exception):
    """The other side broke the format: wrong lengths, unknown tags, too large, too deep."""


class TooMuchError(WireError):
    """A frame in the format, of more values than are read."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that does not cross the wire: all that is known of it is what it is, "generator" or the name of its class."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that the receiver builds or finds by itself from plain data (a course model, a seeded tiny model)."""

    spec: dict[str, Any]


class Member:
    """A member of an enumeration: the name of its class, its own name and its value.  Equal to a member that has the same three."""

    __slots__ = ("class_name", "name", "value")

    def __init__(self, class_name: str, name: str, value: Any) -> None:
        self.class_name, self.name, self.value = class_name, name, value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Enum):
            other = Member(type(other).__name__, other.name, other.value)
        if not isinstance(other, Member):
            return NotImplemented
        return (self.class_name, self.name, self.value) == (other.class_name, other.name, other.value)

    def __hash__(self) -> int:
        return hash((self.class_name, self.name))

    def __repr__(self) -> str:
        return f"{self.class_name}.{self.name}"


class Record:
    """An instance of a dataclass: the name of its class, and its fields as attributes.  Equal to one of the same name and fields."""

    __slots__ = ("__dict__", "class_name_")

    def __init__(self, class_name: str, fields: dict[str, Any]) -> None:
        self.class_name_ = class_name
        self.__dict__.update(fields)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return self.class_name_ == other.class_name_ and self.__dict__ == other.__dict__
        if dataclasses.is_dataclass(other) and not isinstance(other, type):
            fields = {field.name: getattr(other, field.name) for field in dataclasses.fields(other)}
            return self.class_name_ == type(other).__name__ and self.__dict__ == fields
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.class_name_, *self.__dict__.items()))

    def __repr__(self) -> str:
        return f"{self.class_name_}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"


class NamedRecord(tuple[Any, ...]):  # noqa: SLOT001 - its fields are its attributes
    """A named tuple: a tuple, equal to any tuple of the same items, with the items as attributes too."""

    class_name_ = ""
    fields_: tuple[str, ...] = ()

    @classmethod
    def of(cls, class_name: str, fields: Iterable[str], values: Iterable[Any]) -> Self:
        """The named tuple of the class `class_name` with these fields, as many as there are values."""
        made = cls(values)
        made.fields_ = tuple(fields)
        made.__dict__ |= {"class_name_": class_name, **dict(zip(made.fields_, made, strict=True))}
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self.fields_, self, strict=True))

    def __repr__(self) -> str:
        return f"{self.class_name_}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"


def is_field(name: Any) -> bool:
    """Whether a field of a record may have this name: it is a plain identifier, and none of Python's or of these classes' own."""
    return (
        type(name) is str
        and len(name) <= 100
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("__")
        and name not in {"class_name_", "fields_", "_asdict"}
    )


class Body:
    """The raw buffers of a frame, taken one after the other: no offset is ever believed.

    It also counts what the values of the frame cost to make, so that a small header does not become a million tables."""

    __slots__ = ("credit", "data", "position")

    def __init__(self, data: bytes | bytearray) -> None:
        self.data, self.position, self.credit = data, 0, COST_CAP

    def take(self, length: int) -> bytes | bytearray:
        start, end = self.position, self.position + length
        if length < 0 or end > len(self.data):
            raise WireError("a buffer reaches beyond its frame")
        self.position = end
        return self.data[start:end]

    def charge(self, cost: int) -> None:
        """Raises TooMuchError once everything that was charged is together over COST_CAP (about bytes of memory)."""
        self.credit -= cost
        if self.credit < 0:
            raise TooMuchError("a frame of too many objects")

    def charge_listed(self, count: int) -> None:
        """Charges for `count` elements that take few bytes or none here: a check may list, sum or print them."""
        self.charge(LISTED_COST * count)


COST_CAP = 1 << 29
"""Bytes that the values of one frame may become, as Python objects."""
LISTED_COST = 32
"""Bytes of one element once it is listed: a float, and its place in the list."""
MAX_VALUES = COST_CAP // LISTED_COST
"""Elements of the arrays of one frame, all together (16 million)."""
MAX_SIDES = 1 << 20
"""Of what holds no bytes of its own (an empty tensor, a range, a sparse tensor's zeros), and of the cells of a table."""


def size_of(sides: Iterable[int]) -> int:
    """The product of those sides that are not 0: how much an empty tensor becomes when it is listed or summed."""
    product = 1
    for side in sides:
        product *= side or 1
    return product
