"""Whether an answer has work done by another thread or another process, where the watch over forbidden functions does not reach."""

from __future__ import annotations

import _thread
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import thread as pools
from typing import Any

THREAD, PROCESS = "another thread", "another process"
"""What `Elsewhere` finds, in the words of messages."""
_FORKS = {"os.fork", "os.forkpty", "os.posix_spawn"}
"""Python's audit events (PEP 578), which code written in Python cannot take back."""
_STARTERS = ((_thread, "start_new_thread"), (_thread, "start_new"), (threading, "_start_new_thread"))


class Elsewhere:
    """Notices threads and processes of the notebook's.  Made before its first cell runs: threads that are there already are the grader's."""

    def __init__(self) -> None:
        self._known = set(sys._current_frames())  # noqa: SLF001 - `threading.enumerate` has only those that were started by `threading`
        self._started: set[str] = set()
        self._hooked = False
        for owner, name in _STARTERS:
            setattr(owner, name, self._noticed(getattr(owner, name)))
        pools._WorkItem.run = self._noticed(pools._WorkItem.run)  # type: ignore[method-assign]  # noqa: SLF001 - what all pools come to

    def begin(self) -> None:
        """From here on what is started counts."""
        if not self._hooked:  # a hook costs a little at many events, and few tasks need one
            self._hooked = True
            sys.addaudithook(self._forked)
        self._started.clear()

    def found(self) -> set[str]:
        """What was started since `begin`, and what else is running now."""
        found = set(self._started)
        if any(self._may_work(ident, frame) for ident, frame in sys._current_frames().items()):  # noqa: SLF001
            found.add(THREAD)
        with contextlib.suppress(ChildProcessError):  # there is none
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            found.add(PROCESS)
        return found

    def _forked(self, event: str, _: tuple[Any, ...]) -> None:
        if event in _FORKS:
            self._started.add(PROCESS)

    def _noticed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, which has another thread do something (its first argument, or a bound method of the thread to be)."""

        def noticing(what: Any, *args: Any, **kwargs: Any) -> Any:
            if not _is_progress_bar(getattr(what, "__self__", None)):
                self._started.add(THREAD)
            return function(what, *args, **kwargs)

        return noticing

    def _may_work(self, ident: int, frame: Any) -> bool:
        """Whether the thread `ident` may do an answer's work: not one that waits in a pool, since what a pool is given is noticed."""
        if ident in self._known or ident == threading.get_ident():
            return False
        if _is_progress_bar(threading._active.get(ident)):  # type: ignore[attr-defined]  # noqa: SLF001 - by its number, there is no other way
            return False
        return frame.f_code is not pools._worker.__code__  # noqa: SLF001


def named(used: object) -> str:
    """What `used`, the names that a worker sent, has of other threads and processes; empty if nothing."""
    return next((name for name in (THREAD, PROCESS) if isinstance(used, list) and name in used), "")


def _is_progress_bar(thread: Any) -> bool:
    """Whether `thread` is the one that looks after tqdm's bars."""
    tqdm = sys.modules.get("tqdm._monitor")
    return tqdm is not None and type(thread) is getattr(tqdm, "TMonitor", None)
