"""A Ctrl-C ends the command, for certain and within seconds.

Python raises KeyboardInterrupt wherever the main thread happens to be.  In a callback of the garbage collector (Hypothesis has one), in a
`__del__` or before somebody's bare `except`, it is lost.  So the one that is raised here is watched: while it lives, it is on its way to the
command, and everything that is open is being closed; where it is gone too early, another is raised.  Where closing takes too long, the
process ends at once: nothing that is kept suffers from that, and the children end when their sockets close."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import weakref
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

EXIT_CODE = 130
LOOK_SECONDS = 0.05
LAST_SECONDS = 4.0
"""For closing what is open."""


class Interrupted(KeyboardInterrupt):
    """A KeyboardInterrupt that can be watched."""


class _Interrupt:
    """What takes the place of Python's own handler."""

    def __init__(self) -> None:
        self.asked = False
        self.last_words = ""
        self.holds = 0
        self._first = 0.0
        self._raised: weakref.ref[Interrupted] | None = None

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        if not self.asked:
            self.asked, self._first = True, time.monotonic()
            if hasattr(signal, "setitimer"):  # not on Windows
                signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
        if time.monotonic() > self._first + LAST_SECONDS:
            end(EXIT_CODE, self.last_words)
        if self.holds or (self._raised is not None and self._raised() is not None):
            return  # the timer asks again
        error = Interrupted()
        self._raised = weakref.ref(error)
        try:
            raise error
        finally:
            del error  # this frame is in its traceback, and would keep it


_interrupt = _Interrupt()


def install() -> None:
    """Makes SIGINT end this process in the way that this module is about.  Call it in the main thread of a program."""
    _interrupt.asked = False
    signal.signal(signal.SIGINT, _interrupt)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _interrupt)
    shown = sys.unraisablehook

    def unraisable(lost: Any) -> None:
        if not issubclass(lost.exc_type, Interrupted):
            shown(lost)

    sys.unraisablehook = unraisable


def last_words(text: str) -> None:
    """What is said on stderr where closing takes too long."""
    _interrupt.last_words = text


def asked() -> bool:
    """Whether there was a Ctrl-C: what has failed since then has failed because of it."""
    return _interrupt.asked


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Puts a Ctrl-C off until the end of this, which should not take long: for what may not be begun and then forgotten, like a process."""
    _interrupt.holds += 1
    try:
        yield
    finally:
        _interrupt.holds -= 1


def settle() -> None:
    """No Ctrl-C is heard any more: the command has ended, in whichever way."""
    if signal.getsignal(signal.SIGINT) is not _interrupt:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def end(code: int, words: str = "") -> NoReturn:
    """Ends the process without waiting for its threads, which may be in the middle of anything."""
    settle()
    if words:
        os.write(2, f"{words}\n".encode())
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    os._exit(code)
