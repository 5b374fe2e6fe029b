"""Answers for helpers, given by a fork of the trusted process with limits of its own.

A notebook whose helper is answered from the references may ask for anything: for a million tokens, for a text of megabytes.  What it costs
is then lost here, not by the judge."""

from __future__ import annotations

import os
import resource
import signal
import socket
import warnings
from typing import Any, NoReturn

from autograder import wire
from autograder.sandbox import kernel
from autograder.worker import objects
from autograder.worker.handle import Answer, RawAnswer, here

MEMORY_MB = 1024
FRAME_CAP = 256 << 20
_TOO_MUCH = {"error": {"type": "RuntimeError", "message": "the helper was asked for more than it can answer here"}}


class Oracle:
    """A process that answers for `answers` until it is closed, or until a question takes longer than `seconds`."""

    def __init__(self, answers: dict[str, Answer], seconds: float) -> None:
        self.names = tuple(answers)
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forks beside threads; ours wait
            self._pid = os.fork()
        if not self._pid:
            _serve(theirs, answers)
        theirs.close()
        ours.settimeout(seconds)
        self._socket, self._read = ours, wire.reader(ours)
        self.closed = False

    def answers(self) -> dict[str, RawAnswer]:
        """For each name what asks this process."""
        return {name: self._asking(name) for name in self.names}

    def _asking(self, name: str) -> RawAnswer:
        def ask(args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
            if self.closed:
                return _TOO_MUCH
            try:
                self._socket.sendall(wire.encode({"name": name, "args": args, "kwargs": kwargs}, objects.refer))
                return wire.receive(self._read, FRAME_CAP)
            except (OSError, EOFError, wire.WireError):
                self.close()
                return _TOO_MUCH

        return ask

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._socket.close()
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _serve(connection: socket.socket, answers: dict[str, Answer]) -> NoReturn:
    """In the fork: answers until the other end is closed.  It holds no other descriptor, so that nobody waits for its end."""
    try:
        os.closerange(3, connection.fileno())
        os.closerange(connection.fileno() + 1, 1 << 16)
        if kernel.LINUX:
            kernel.die_with_parent(signal.SIGKILL)
            used_mb = int(kernel.proc_field("/proc/self/status", "VmData").split()[0]) >> 10
            resource.setrlimit(resource.RLIMIT_DATA, (used_mb + MEMORY_MB << 20,) * 2)
        read = wire.reader(connection)
        while True:
            question = wire.receive(read, FRAME_CAP)
            try:
                reply = here(answers[question["name"]])(question["args"], question["kwargs"])
                frame = wire.encode(reply, objects.refer)
            except (wire.WireError, MemoryError, RecursionError):
                frame = wire.encode(_TOO_MUCH)
            connection.sendall(frame)
    except EOFError:
        os._exit(0)
    finally:
        os._exit(1)
