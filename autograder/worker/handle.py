"""The trusted side's handle on one worker.  Nothing that arrives here is believed beyond being data, and nothing is waited for or
collected without an end."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from autograder import files, wire
from autograder.errors import WorkerError
from autograder.model import Limits, Outcome
from autograder.notebook.text import clean
from autograder.sandbox import memory
from autograder.worker import objects
from autograder.worker.outputs import Ran, ran, size

POLL_SECONDS = 0.05
BEGIN_SECONDS = 30.0
TOO_MUCH = f"returned more than the grader reads: at most {wire.MAX_VALUES:,} numbers, or fewer values of other kinds"
OUT_OF_TIME = "took longer than {:g} seconds in all"
# A byte of JSON becomes up to so many bytes of Python objects.
_JSON_WEIGHT = 16

Answer = Callable[[list[Any], dict[str, Any]], dict[str, Any]]
"""Answers a call that came back from a worker, given objects of this process: {"value": …} or {"error": {"type": …, "message": …}}."""
RawAnswer = Callable[[list[Any], dict[str, Any]], dict[str, Any]]
"""The same, given what came over the wire; `here` makes one of an `Answer`."""


class Lost(Exception):
    """The worker is gone, or did what ends it: `outcome` says which way, the message says it to the student."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


class Reaper(Protocol):
    """The warm parent, whose children the workers are."""

    def reap(self, pid: int) -> tuple[int, float]: ...


class _Late(Exception):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for after all cells have run: the functions of the tasks, each with the names of the notebook that it uses, and which cell
    answers which function (`answers`: (cell, function) each).  See `worker.taken`."""

    use: dict[str, list[str]] = field(default_factory=dict)
    answers: tuple[tuple[int, str], ...] = ()

    def of(self, said: object, cells: set[int]) -> dict[str, int]:
        """What a worker says was taken away, by which of the `cells`; whatever else it says is left out."""
        known = {*self.use, *(name for names in self.use.values() for name in names)}
        pairs = said.items() if isinstance(said, dict) else ()
        return {name: cell for name, cell in pairs if name in known and type(cell) is int and cell in cells}


class Worker:
    """One forked process: runs cells, then answers calls.  Until the time `until` of the monotonic clock it must be done.

    `killed` tells that it ended as if somebody had killed it, which its own code may not be to blame for."""

    def __init__(
        self, parent: Reaper, pid: int, channel: socket.socket, limits: Limits, work: Path, *, until: float
    ) -> None:
        self._parent, self.pid, self._socket, self._limits, self._work = parent, pid, channel, limits, work
        self.until, self._deadline = float("inf"), 0.0
        self._cost = 0
        self._cpu = 0.0
        self._reader = wire.Reader(self._fill)
        self.closed = False
        self._next = self._pending = 0
        self.peak_memory_mb = 0
        self._over_memory = self.killed = False
        self._ended = threading.Event()
        self._ending = threading.Lock()
        threading.Thread(target=self._watch_memory, name=f"memory of {pid}", daemon=True).start()
        self.callbacks: dict[str, RawAnswer] = {}
        self.spies: dict[str, RawAnswer] = {}
        self.lost: dict[str, int] = {}
        try:
            first = self._receive(BEGIN_SECONDS)
        except Lost as error:
            raise WorkerError(f"A worker {error} before it began.", "Run the command again.") from error
        if "fault" in first:
            self.close()
            raise WorkerError(f"A worker could not begin: {first['fault']}")
        self.layers = tuple(first["layers"])
        self.until = until

    # ── requests ──────────────────────────────────────────────────────────────────────────────────

    def run(
        self, cells: Iterable[tuple[int, str]], on_cell: Callable[[Ran], None], wanted: Wanted | None = None
    ) -> bool:
        """Runs cells in order and hands each one's outputs to `on_cell`; True if outputs were truncated.  What is `wanted` afterwards survives
        later cells; `lost` then says which of them took it away.

        Raises Lost when the process dies or a cell takes too long; the cells before it have been handed over."""
        asked, cap = list(cells), self._limits.output_kb << 10
        wanted = wanted or Wanted()
        request = {"use": wanted.use, "answers": [list(pair) for pair in wanted.answers]}
        self._send({"op": "run", "cells": [list(cell) for cell in asked], "output_cap": cap, **request})
        room = 2 * cap
        for index, _ in asked:
            done = ran(self._receive(self._limits.cell_seconds), index, room)
            if done is None:
                raise self._forged()
            room -= sum(map(size, done.outputs))
            on_cell(done)
        last = self._receive(self._limits.cell_seconds)
        if last.get("done") is not True:
            raise self._forged()
        self.lost = wanted.of(last.get("lost"), {index for index, _ in asked})
        return last.get("truncated") is True

    def files(self, files: Iterable[tuple[str, str]]) -> None:
        """Puts files of the student's, by their paths, into the working folder."""
        self._send({"op": "files", "files": [[name, text.encode()] for name, text in files]})
        if self._receive(self._limits.call_seconds).get("done") is not True:
            raise self._forged()

    def helpers(self, names: Iterable[str]) -> None:
        self._send({"op": "helpers", "names": list(names)})
        if self._receive(self._limits.call_seconds).get("done") is not True:
            raise self._forged()

    def begin(self, calls: list[bytes], *, watch: str) -> None:
        """Sends a batch of encoded calls (see `encode_call`); their answers are fetched in order with `next_answer`."""
        self._pending += len(calls)
        request = {"op": "calls", "first": self._next + self._pending - len(calls), "count": len(calls), "watch": watch}
        self._write(wire.encode(request) + b"".join(calls))

    def drain(self) -> None:
        """Fetches and drops the answers that nobody waits for any more; all of them together get the time of one call."""
        deadline = time.monotonic() + self._limits.call_seconds
        while self._pending:
            self._answer(deadline)

    def next_answer(self) -> dict[str, Any]:
        """The answer to the oldest call that has none yet, as the worker sent it."""
        return self._answer(time.monotonic() + self._limits.call_seconds)

    def _answer(self, deadline: float) -> dict[str, Any]:
        expected, self._next = self._next, self._next + 1
        self._pending -= 1
        room = _JSON_WEIGHT * wire.HEADER_CAP
        while True:
            message = self._receive(self._limits.call_seconds, deadline)
            if "callback" in message or "spy" in message:
                room -= self._cost
                if room < 0:
                    raise self._lost(Outcome.MEMORY, "passed more data to other functions than can be kept")
                self._call_back(message)
                continue
            if message.get("id") != expected:
                raise self._forged()
            return message

    def _call_back(self, message: dict[str, Any]) -> None:
        """Answers for a helper or a spy: only for the ones that were handed out, and only with what is known on this side."""
        kind = "callback" if "callback" in message else "spy"
        name, args, kwargs = message[kind], message.get("args"), message.get("kwargs")
        answers = self.callbacks if kind == "callback" else self.spies
        if type(name) is not str or type(args) is not list or type(kwargs) is not dict or name not in answers:
            raise self._forged()
        self._send(answers[name](args, kwargs))

    def close(self) -> int:
        """Ends the process; its wait status, or -1 where nobody can tell."""
        with self._ending:  # the number may be another process's once it is reaped
            if self.closed:
                return -1
            self.closed = True
        self._ended.set()
        self._socket.close()
        status, self._cpu = self._parent.reap(self.pid)
        files.remove(self._work)
        return status

    # ── the channel ───────────────────────────────────────────────────────────────────────────────

    def _send(self, message: dict[str, Any]) -> None:
        self._write(wire.encode(message, objects.refer))

    def _write(self, data: bytes) -> None:
        self._deadline = min(time.monotonic() + self._limits.call_seconds, self.until)
        rest = memoryview(data)
        try:
            while rest:
                self._be_patient()
                try:
                    rest = rest[self._socket.send(rest) :]
                except TimeoutError:
                    continue
        except _Late:
            raise self._late("did not take its input in time") from None
        except OSError:
            raise self._died() from None

    def _receive(self, seconds: float, deadline: float = float("inf")) -> dict[str, Any]:
        """The next message; `_cost` is then about what it takes in memory."""
        self._deadline = min(time.monotonic() + seconds, deadline, self.until)
        lengths: list[int] = []

        def read(length: int) -> bytearray:
            lengths.append(length)
            return self._reader(length)

        try:
            message = wire.receive(read, self._limits.value_mb << 20)
        except _Late:
            raise self._late(f"took longer than {seconds:g} seconds") from None
        except (EOFError, OSError):
            raise self._died() from None
        except (wire.TooMuchError, MemoryError):
            raise self._lost(Outcome.MEMORY, TOO_MUCH) from None
        except wire.WireError as error:
            raise self._lost(Outcome.CRASHED, f"sent something that is not an answer ({error})") from None
        self._cost = _JSON_WEIGHT * lengths[1] + sum(lengths[2:])
        return message

    def _fill(self, view: memoryview) -> int:
        while True:
            self._be_patient()
            try:
                return self._socket.recv_into(view)
            except TimeoutError:
                continue

    def _be_patient(self) -> None:
        """Before each step on the socket: is there time left?  A worker that never stops sending is asked as one that is silent."""
        now = time.monotonic()
        if now >= self._deadline:
            raise _Late
        self._socket.settimeout(self._deadline - now)

    def _watch_memory(self) -> None:
        """In a thread of its own, because a process can fill the machine while nobody waits for it."""
        while not self._ended.wait(POLL_SECONDS):
            used = memory.usage_mb(self.pid)
            self.peak_memory_mb = max(self.peak_memory_mb, used)
            if used > self._limits.memory_mb:
                with self._ending:
                    if not self.closed:
                        self._over_memory = True
                        os.kill(self.pid, signal.SIGKILL)
                return

    # ── endings ───────────────────────────────────────────────────────────────────────────────────

    def _late(self, message: str) -> Lost:
        if self._deadline == self.until:
            message = OUT_OF_TIME.format(self._limits.submission_seconds)
        return self._lost(Outcome.TIMEOUT, message)

    def _forged(self) -> Lost:
        return self._lost(Outcome.CRASHED, "sent an answer that nobody asked for")

    def _lost(self, outcome: Outcome, message: str) -> Lost:
        self.close()
        return Lost(outcome, clean(message))

    def _died(self) -> Lost:
        status = self.close()
        if self._over_memory:
            return Lost(Outcome.MEMORY, f"used more than {self._limits.memory_mb} MB of memory")
        if status >= 0 and os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            # The kernel enforces the limit on CPU time by SIGKILL too, since soft and hard limit are one.
            if number == signal.SIGXCPU or (number == signal.SIGKILL and self._cpu >= self._limits.cpu_seconds - 1):
                return Lost(Outcome.TIMEOUT, f"used more than {self._limits.cpu_seconds} seconds of CPU time")
            if number != signal.SIGKILL:
                return Lost(Outcome.CRASHED, f"ended the process ({_signal_name(number)})")
            self.killed = True
        return Lost(Outcome.CRASHED, "ended the process")


def here(answer: Answer) -> RawAnswer:
    """Has `answer` answer in this process; also says how far the generators among the arguments have advanced."""

    def raw(args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        known_args, known_kwargs = objects.resolve_known(args), objects.resolve_known(kwargs)
        reply = answer(known_args, known_kwargs)
        return {**reply, "generators": [one.get_state() for one in objects.generators([known_args, known_kwargs])]}

    return raw


def encode_call(function: str, args: Iterable[Any], kwargs: dict[str, Any], *, keep: bool, times: int = 0) -> bytes:
    """The frame of one call; `keep` asks whether the arguments are the same afterwards, `times` for a list of that many answers."""
    message = {"function": function, "args": list(args), "kwargs": kwargs, "keep": keep, "times": times}
    return wire.encode(message, objects.refer)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
