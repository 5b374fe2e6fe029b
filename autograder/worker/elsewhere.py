"""Threads and processes besides the one that answers, which could do an answer's work where nobody looks.

A thread that is started while an answer runs is followed: what it uses counts as if the answer had used it itself.  What cannot be followed
is named: a process, and a thread that is at work before the answer begins or after it has ended."""

from __future__ import annotations

import _thread
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import thread as pools
from typing import Any

from autograder.worker.watch import Operators

THREAD, PROCESS = "another thread", "another process"
"""What `Elsewhere` finds besides names of operators, in the words of messages."""
_FORKS = {"os.fork", "os.forkpty", "os.posix_spawn"}
"""Python's audit events (PEP 578), which code written in Python cannot take back."""
_STARTERS = (
    (_thread, "start_new_thread"),
    (_thread, "start_new"),
    (threading, "_start_new_thread"),
    (_thread, "start_joinable_thread"),
    (threading, "_start_joinable_thread"),
)
_PATIENCE = 0.2
"""Seconds for a thread that has done its work to end."""


class Elsewhere:
    """Made before a notebook's first cell runs: threads that are there already are the grader's."""

    def __init__(self) -> None:
        self._known = set(sys._current_frames())  # noqa: SLF001 - `threading.enumerate` has only those that were started by `threading`
        self._found: set[str] = set()
        self._watching = self._operators = self._hooked = False
        for owner, name in _STARTERS:
            if hasattr(owner, name):
                setattr(owner, name, self._following(getattr(owner, name)))
        item: Any = pools._WorkItem  # noqa: SLF001 - what all pools come to
        item.run = self._followed_item(item.run)

    def begin(self, *, operators: bool) -> None:
        """From here on threads are followed: for their operators, if `operators`."""
        if not self._hooked:  # a hook costs a little at many events, and few tasks need one
            self._hooked = True
            sys.addaudithook(self._forked)
        self._found, self._watching, self._operators = set(), True, operators
        self._look()

    def end(self) -> set[str]:
        """The names of operators that threads have used since `begin`, and THREAD or PROCESS for what could not be followed."""
        self._watching = False
        until = time.monotonic() + (0 if THREAD in self._found else _PATIENCE)
        while self._others_work() and time.monotonic() < until:
            time.sleep(0.001)
        self._look()
        return self._found

    def _look(self) -> None:
        if self._others_work():
            self._found.add(THREAD)
        with contextlib.suppress(ChildProcessError):  # there is none
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            self._found.add(PROCESS)

    def _others_work(self) -> bool:
        return any(map(self._at_work, list(sys._current_frames().items())))  # noqa: SLF001

    def _at_work(self, thread: tuple[int, Any]) -> bool:
        """Whether a thread (its number and its innermost frame) may do an answer's work.  One that waits in a pool does not."""
        number, frame = thread
        if number in self._known or number == threading.get_ident():
            return False
        if _is_progress_bar(threading._active.get(number)):  # type: ignore[attr-defined]  # noqa: SLF001 - by its number, there is no other way
            return False
        return frame.f_code is not pools._worker.__code__  # noqa: SLF001

    def _forked(self, event: str, _: tuple[Any, ...]) -> None:
        if self._watching and event in _FORKS:
            self._found.add(PROCESS)

    @contextlib.contextmanager
    def _follow(self) -> Iterator[None]:
        if not (self._watching and self._operators):
            yield
            return
        found, operators = self._found, Operators()
        try:
            with operators:
                yield
        finally:
            found |= operators.names

    def _following(self, start: Callable[..., Any]) -> Callable[..., Any]:
        """A function that starts a thread with its first argument, which is followed.  Of a pool's thread its items are."""

        def starting(what: Any, *args: Any, **kwargs: Any) -> Any:
            thread = getattr(what, "__self__", None)
            if _is_progress_bar(thread) or getattr(thread, "_target", None) is pools._worker:  # noqa: SLF001
                return start(what, *args, **kwargs)

            def followed(*args: Any, **kwargs: Any) -> None:
                with self._follow():
                    what(*args, **kwargs)

            return start(followed, *args, **kwargs)

        return starting

    def _followed_item(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def followed(item: Any) -> None:
            with self._follow():
                run(item)

        return followed


def named(used: object) -> str:
    """What `used`, the names that a worker sent, has of other threads and processes; empty if nothing."""
    return next((name for name in (THREAD, PROCESS) if isinstance(used, list) and name in used), "")


def _is_progress_bar(thread: Any) -> bool:
    """Whether `thread` is the one that looks after tqdm's bars."""
    tqdm = sys.modules.get("tqdm._monitor")
    return tqdm is not None and type(thread) is getattr(tqdm, "TMonitor", None)
