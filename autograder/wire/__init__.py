"""Frames and the codec between the trusted side and a worker: plain data only, decoded strictly.

codec        a message ↔ a JSON header and a body of raw buffers
scalars      single values: numbers, text, bytes, dates, ranges
containers   tuples, sets, mappings with any keys, records, members of enumerations
arrays       tensors, NumPy arrays and scalars, images
tables       what pandas makes
refused      what cannot be sent: what it is, and what to return instead
channel      whole frames from a socket, with sizes checked before memory is taken
words        values as messages show them

Nothing here evaluates, imports or unpickles what it reads.
"""

from __future__ import annotations

from autograder.wire.channel import Reader, reader, receive
from autograder.wire.codec import HEADER_CAP, decode, encode, header, parts
from autograder.wire.containers import rebuilt
from autograder.wire.values import MAX_VALUES, Member, NamedRecord, Opaque, Record, Reference, TooMuchError, WireError

__all__ = [
    "HEADER_CAP",
    "MAX_VALUES",
    "Member",
    "NamedRecord",
    "Opaque",
    "Reader",
    "Record",
    "Reference",
    "TooMuchError",
    "WireError",
    "decode",
    "encode",
    "header",
    "parts",
    "reader",
    "rebuilt",
    "receive",
]
