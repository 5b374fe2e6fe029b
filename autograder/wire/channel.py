"""Whole frames from a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from autograder.wire.codec import HEADER_CAP, LENGTHS, decode
from autograder.wire.values import WireError

CHUNK = 1 << 16


def receive(read: Callable[[int], bytes | bytearray], body_cap: int) -> dict[str, Any]:
    """Reads one frame with `read(n)`, which returns exactly n bytes or raises EOFError."""
    header_length, body_length = LENGTHS.unpack(read(LENGTHS.size))
    if header_length > HEADER_CAP or body_length > body_cap:
        raise WireError(f"a frame of {header_length + body_length} bytes is too large")
    header = read(header_length)
    return decode(header, read(body_length) if body_length else b"")


class Reader:
    """A `read` for `receive` that asks for as much as there is, since most frames are small.

    `fill(view)` writes what has come into `view`, waits if there is nothing yet, and returns how many bytes, 0 at the end."""

    def __init__(self, fill: Callable[[memoryview], int]) -> None:
        self._fill = fill
        self._ahead = memoryview(bytearray(CHUNK))
        self._start = self._end = 0

    def __call__(self, length: int) -> bytearray:
        """Exactly `length` bytes, or EOFError."""
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            if self._start == self._end and length - position >= CHUNK:  # nothing is gained by a copy
                count = self._fill(view[position:])
                position += count
            else:
                count = self._look_ahead()
                part = min(count, length - position)
                view[position : position + part] = self._ahead[self._start : self._start + part]
                self._start, position = self._start + part, position + part
            if not count:
                raise EOFError
        return data

    def _look_ahead(self) -> int:
        """How many bytes are there already; asks for more where there are none."""
        if self._start == self._end:
            self._start, self._end = 0, self._fill(self._ahead)
        return self._end - self._start


def reader(connection: socket.socket) -> Reader:
    """Of a blocking socket."""
    return Reader(connection.recv_into)
