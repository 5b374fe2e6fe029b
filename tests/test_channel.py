"""Frames arrive whole, however the bytes come."""

from __future__ import annotations

import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import wire
from autograder.wire import channel


def fed(pieces: list[bytes]) -> wire.Reader:
    """A reader whose bytes come in these pieces, each at the most in one go, and then end."""
    waiting = [piece for piece in pieces if piece]

    def fill(view: memoryview) -> int:
        if not waiting:
            return 0
        piece = waiting.pop(0)
        part, rest = piece[: len(view)], piece[len(view) :]
        if rest:
            waiting.insert(0, rest)
        view[: len(part)] = part
        return len(part)

    return wire.Reader(fill)


@given(st.lists(st.binary(max_size=50), max_size=20), st.data())
def test_a_reader_gives_exactly_what_is_asked_for(pieces: list[bytes], data: st.DataObject) -> None:
    read, rest = fed(pieces), b"".join(pieces)

    while rest:
        length = data.draw(st.integers(0, len(rest)))
        assert bytes(read(length)) == rest[:length]
        rest = rest[length:] if length else rest[len(read(1)) :]

    with pytest.raises(EOFError):
        read(1)


@given(st.lists(st.integers(0, 3 * channel.CHUNK), min_size=1, max_size=4))
def test_large_pieces_go_around_the_look_ahead(lengths: list[int]) -> None:
    content = bytes(range(251)) * (sum(lengths) // 251 + 1)
    read, position = fed([content[: sum(lengths)]]), 0

    for length in lengths:
        assert bytes(read(length)) == content[position : position + length]
        position += length


def test_an_end_in_the_middle_is_an_end() -> None:
    read = fed([b"abc"])

    with pytest.raises(EOFError):
        read(4)


def test_many_frames_in_one_piece_come_one_after_the_other() -> None:
    ours, theirs = socket.socketpair()
    messages = [{"id": number, "text": "x" * number * 700} for number in range(200)]
    sender = threading.Thread(target=ours.sendall, args=(b"".join(map(wire.encode, messages)),), daemon=True)
    sender.start()
    read = wire.reader(theirs)

    assert [wire.receive(read, 1 << 20) for _ in messages] == messages
    sender.join()
    ours.close()
    theirs.close()
