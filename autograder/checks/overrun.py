"""A deadline for trusted code that works with an answer: a comparison without end would hold up the class.

A thread looks several times a second at how long the thread that compares has computed, so waiting for a worker costs nothing.  Where
that is too long it raises `Overrun` there, between two bytecodes."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.2


class Overrun(BaseException):
    """A BaseException: no `except Exception` of a comparison stops it."""


_lock = threading.Lock()
_due: dict[int, tuple[int, float]] = {}
"""Threads that are in `at_most`: the CPU clock of each, and what that may show."""
_watching: list[threading.Thread] = []


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises Overrun in the block once its thread has computed for `seconds`.  A block within a block has the outer one's time."""
    thread = threading.get_ident()
    if thread in _due:
        yield
        return
    with _lock:
        if not _watching:
            _watching.append(threading.Thread(target=_watch, name="deadlines", daemon=True))
            _watching[0].start()
        clock = time.pthread_getcpuclockid(thread)
        _due[thread] = clock, time.clock_gettime(clock) + seconds
    try:
        yield
    finally:
        with _lock:
            _due.pop(thread, None)
            _raise_in(thread, None)  # takes back what has not arrived yet


def _watch() -> None:
    while True:
        time.sleep(POLL_SECONDS)
        with _lock:
            for thread, (clock, most) in list(_due.items()):
                if time.clock_gettime(clock) > most:
                    del _due[thread]
                    _raise_in(thread, Overrun)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )
