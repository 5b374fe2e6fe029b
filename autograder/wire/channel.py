"""Whole frames from a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from autograder.wire.codec import HEADER_CAP, LENGTHS, decode
from autograder.wire.values import WireError


def receive(read: Callable[[int], bytes | bytearray], body_cap: int) -> dict[str, Any]:
    """Reads one frame with `read(n)`, which returns exactly n bytes or raises EOFError."""
    header_length, body_length = LENGTHS.unpack(read(LENGTHS.size))
    if header_length > HEADER_CAP or body_length > body_cap:
        raise WireError(f"a frame of {header_length + body_length} bytes is too large")
    header = read(header_length)
    return decode(header, read(body_length) if body_length else b"")


def reader(connection: socket.socket) -> Callable[[int], bytearray]:
    """A blocking `read` for `receive`: exactly n bytes, or EOFError."""

    def read(length: int) -> bytearray:
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            count = connection.recv_into(view[position:])
            if not count:
                raise EOFError
            position += count
        return data

    return read
