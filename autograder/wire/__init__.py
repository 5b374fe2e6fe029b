"""Frames and the codec between the trusted side and a worker: plain data only, decoded strictly.

codec      a message ↔ a JSON header and a body of raw buffers
arrays     tensors, NumPy arrays and scalars, images
tables     pandas frames and series
channel    whole frames from a socket, with sizes checked before memory is taken
words      values as messages show them

Nothing here evaluates, imports or unpickles what it reads.
"""

from __future__ import annotations

from autograder.wire.channel import Reader, reader, receive
from autograder.wire.codec import HEADER_CAP, decode, encode, header
from autograder.wire.values import Opaque, Reference, WireError

__all__ = [
    "HEADER_CAP",
    "Opaque",
    "Reader",
    "Reference",
    "WireError",
    "decode",
    "encode",
    "header",
    "reader",
    "receive",
]
