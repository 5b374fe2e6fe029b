"""The trusted side's handle on the warm parent and on one worker.  Nothing that arrives here is believed beyond being data."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from autograder import environment, wire
from autograder.errors import WorkerError
from autograder.model import Limits, Outcome
from autograder.sandbox import memory
from autograder.worker import objects

POLL_SECONDS = 0.05
START_SECONDS = 180.0
OUT_OF_TIME = "took longer than {:g} seconds in all"

Answer = Callable[[list[Any], dict[str, Any]], dict[str, Any]]
"""Answers a call that came back from a worker: {"value": …} or {"error": {"type": …, "message": …}}."""


class Lost(Exception):
    """The worker is gone, or did what ends it: `outcome` says which way, the message says it to the student."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What one cell did."""

    cell: int
    outputs: list[dict[str, Any]]
    error: dict[str, Any] | None


class WarmParent:
    """The process that workers are forked from; a context manager."""

    def __init__(
        self,
        models: tuple[str, ...],
        required_layers: tuple[str, ...],
        *,
        modules: Iterable[str] = (),
        data: Path | None = None,
    ) -> None:
        self._required, self._data = required_layers, data
        settings = {"models": list(models), "modules": sorted(modules)}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environ = {name: os.environ[name] for name in ("HOME", "HF_HOME", "HF_HUB_CACHE", "LANG") if name in os.environ}
        environment.prepare(environ)
        environ |= {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "MPLBACKEND": "agg"}
        self._control = ours
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._scratch.chmod(0o711)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "autograder.worker.server",
                str(theirs.fileno()),
                json.dumps(settings),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environ,
            cwd=self._scratch,
        )
        theirs.close()
        self._readable = (*_readable_paths(), *((data,) if data else ()))
        self._control.settimeout(START_SECONDS)
        self._ready = False

    def wait_until_ready(self) -> None:
        """Blocks until the models are loaded.  Raises WorkerError if the process ended instead."""
        if not self._ready:
            self._receive()
            self._ready = True
            self._control.settimeout(60.0)

    def watch(self, names: Iterable[str]) -> None:
        """Has every worker from now on notice the use of these functions (dotted names; `module.*` for a whole module)."""
        self.wait_until_ready()
        self._control.send(json.dumps({"watch": sorted(names)}).encode())
        self._receive()

    def spawn(self, limits: Limits, until: float) -> Worker:
        """A fresh worker, which must have done its work at the time `until` of the monotonic clock."""
        self.wait_until_ready()
        work = Path(tempfile.mkdtemp(prefix="work-", dir=self._scratch))
        job = {
            "work": str(work),
            "readable": [str(path) for path in self._readable],
            "limits": dataclasses.asdict(limits),
            "required": list(self._required),
            "data": str(self._data or ""),
        }
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [json.dumps({"spawn": job}).encode()], [theirs.fileno()])
        except OSError as error:
            raise WorkerError(f"The warm parent is gone ({error}).", "Run the command again.") from error
        finally:
            theirs.close()
        return Worker(self, int(self._receive()["pid"]), ours, limits, work, until=until)

    def reap(self, pid: int) -> dict[str, Any]:
        self._control.send(json.dumps({"reap": pid}).encode())
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise WorkerError(f"The warm parent does not answer ({error}).", "Run the command again.") from error
        if not message:
            raise WorkerError(
                "The warm parent ended while it started; its own message is above.",
                "`autograder doctor` says what is missing.",
            )
        reply: dict[str, Any] = json.loads(message)
        return reply

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _readable_paths() -> tuple[Path, ...]:
    """The interpreter, the packages and the models: what student code may read."""
    from huggingface_hub import constants

    package = Path(__file__).parents[1]
    return (Path(sys.prefix), Path(sys.base_prefix).resolve(), package, Path(constants.HF_HUB_CACHE))


class Worker:
    """One forked process: runs cells, then answers calls."""

    def __init__(
        self, parent: WarmParent, pid: int, channel: socket.socket, limits: Limits, work: Path, *, until: float
    ) -> None:
        self._parent, self.pid, self._socket, self._limits, self._work = parent, pid, channel, limits, work
        self._until, self._deadline = until, 0.0
        self.closed = False
        self._next = self._pending = 0
        self.peak_memory_mb = 0
        self.callbacks: dict[str, Answer] = {}
        self.spies: dict[str, Answer] = {}
        try:
            first = self._receive(30.0)
        except Lost as error:
            raise WorkerError(f"A worker {error} before it began.", "Run the command again.") from error
        if "fault" in first:
            self.close()
            raise WorkerError(f"A worker could not begin: {first['fault']}")
        self.layers = tuple(first["layers"])

    # ── requests ──────────────────────────────────────────────────────────────────────────────────

    def run(self, cells: Iterable[tuple[int, str]], on_cell: Callable[[Ran], None]) -> bool:
        """Runs cells in order and hands each one's outputs to `on_cell`; True if outputs were truncated.

        Raises Lost when the process dies or a cell takes too long; the cells before it have been handed over."""
        self._send({"op": "run", "cells": [list(cell) for cell in cells], "output_cap": self._limits.output_kb << 10})
        while True:
            message = self._receive(self._limits.cell_seconds)
            if message.get("done") is True:
                return message.get("truncated") is True
            on_cell(_ran(message))

    def helpers(self, names: Iterable[str]) -> None:
        self._send({"op": "helpers", "names": list(names)})
        if self._receive(self._limits.call_seconds).get("done") is not True:
            self._forged()

    def begin(self, calls: list[bytes], *, watch: str) -> None:
        """Sends a batch of encoded calls (see `encode_call`); their answers are fetched in order with `next_answer`."""
        self._pending += len(calls)
        request = {"op": "calls", "first": self._next + self._pending - len(calls), "count": len(calls), "watch": watch}
        self._write(wire.encode(request) + b"".join(calls))

    def drain(self) -> None:
        """Fetches and drops the answers that nobody waits for any more."""
        while self._pending:
            self.next_answer()

    def next_answer(self) -> dict[str, Any]:
        """The answer to the oldest call that has none yet, as the worker sent it."""
        expected, self._next = self._next, self._next + 1
        self._pending -= 1
        deadline = time.monotonic() + self._limits.call_seconds
        while True:
            message = self._receive(self._limits.call_seconds, deadline)
            if "callback" in message or "spy" in message:
                self._call_back(message)
                continue
            if message.get("id") != expected:
                self._forged()
            return message

    def _call_back(self, message: dict[str, Any]) -> None:
        """Answers for a helper or a spy: only for the ones that were handed out, and only with what is known on this side."""
        kind = "callback" if "callback" in message else "spy"
        name, args, kwargs = message[kind], message.get("args"), message.get("kwargs")
        answers = self.callbacks if kind == "callback" else self.spies
        if type(name) is not str or type(args) is not list or type(kwargs) is not dict or name not in answers:
            self._forged()
        else:
            known_args, known_kwargs = objects.resolve_known(args), objects.resolve_known(kwargs)
            reply = answers[name](known_args, known_kwargs)
            states = [one.get_state() for one in objects.generators([known_args, known_kwargs])]
            self._send({**reply, "generators": states})

    def close(self) -> dict[str, Any]:
        """Ends the process; its wait status, CPU seconds and peak memory."""
        if self.closed:
            return {}
        self.closed = True
        self._socket.close()
        usage = self._parent.reap(self.pid)
        shutil.rmtree(self._work, ignore_errors=True)
        return usage

    # ── the channel ───────────────────────────────────────────────────────────────────────────────

    def _send(self, message: dict[str, Any]) -> None:
        self._write(wire.encode(message, objects.refer))

    def _write(self, data: bytes) -> None:
        self._socket.settimeout(self._limits.call_seconds)
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise self._lost(Outcome.TIMEOUT, "did not take its input in time") from None
        except OSError:
            raise self._died() from None

    def _receive(self, seconds: float, deadline: float = float("inf")) -> dict[str, Any]:
        self._deadline = min(time.monotonic() + seconds, deadline, self._until)
        try:
            return wire.receive(self._read, self._limits.value_mb << 20)
        except TimeoutError:
            if self._deadline == self._until:
                raise self._lost(Outcome.TIMEOUT, OUT_OF_TIME.format(self._limits.submission_seconds)) from None
            raise self._lost(Outcome.TIMEOUT, f"took longer than {seconds:g} seconds") from None
        except (EOFError, ConnectionError):
            raise self._died() from None
        except wire.WireError as error:
            raise self._lost(Outcome.CRASHED, f"sent something that is not an answer ({error})") from None

    def _read(self, length: int) -> bytearray:
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            now = time.monotonic()
            if now >= self._deadline:
                raise TimeoutError
            self._socket.settimeout(min(POLL_SECONDS, self._deadline - now))
            try:
                count = self._socket.recv_into(view[position:])
            except TimeoutError:
                self._check_memory()
                continue
            if not count:
                raise EOFError
            position += count
        return data

    def _check_memory(self) -> None:
        used = memory.usage_mb(self.pid)
        self.peak_memory_mb = max(self.peak_memory_mb, used)
        if used > self._limits.memory_mb:
            raise self._lost(Outcome.MEMORY, f"used more than {self._limits.memory_mb} MB of memory")

    # ── endings ───────────────────────────────────────────────────────────────────────────────────

    def _forged(self) -> None:
        raise self._lost(Outcome.CRASHED, "sent an answer that nobody asked for")

    def _lost(self, outcome: Outcome, message: str) -> Lost:
        self.close()
        return Lost(outcome, message)

    def _died(self) -> Lost:
        status = self.close().get("status", -1)
        if status >= 0 and os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                return Lost(Outcome.TIMEOUT, f"used more than {self._limits.cpu_seconds} seconds of CPU time")
            if number != signal.SIGKILL:
                return Lost(Outcome.CRASHED, f"ended the process ({signal.Signals(number).name})")
        return Lost(Outcome.CRASHED, "ended the process")


def encode_call(function: str, args: Iterable[Any], kwargs: dict[str, Any], *, keep: bool, times: int = 0) -> bytes:
    """The frame of one call; `keep` asks whether the arguments are the same afterwards, `times` for a list of that many answers."""
    message = {"function": function, "args": list(args), "kwargs": kwargs, "keep": keep, "times": times}
    return wire.encode(message, objects.refer)


def _ran(message: dict[str, Any]) -> Ran:
    index, outputs, error = message.get("cell"), message.get("outputs"), message.get("error")
    if type(index) is not int or type(outputs) is not list or not isinstance(error, (dict, type(None))):
        raise Lost(Outcome.CRASHED, "sent something that is not a cell's result")
    return Ran(index, [output for output in outputs if _is_output(output)], error)


def _is_output(output: Any) -> bool:
    """Whether `output` has the shape of a notebook output; its content stays untrusted."""
    if type(output) is not dict:
        return False
    kind = output.get("output_type")
    if kind == "stream":
        return output.get("name") in {"stdout", "stderr"} and type(output.get("text")) is str
    if kind in {"display_data", "execute_result"}:
        data = output.get("data")
        return type(data) is dict and all(type(value) is str for value in data.values())
    if kind == "error":
        traceback = output.get("traceback")
        return (
            type(output.get("ename")) is str
            and type(output.get("evalue")) is str
            and type(traceback) is list
            and all(type(line) is str for line in traceback)
        )
    return False
