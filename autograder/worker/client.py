"""The trusted side's handle on the warm parent, which forks the workers."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import socket
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from autograder import files, interrupt, sandbox
from autograder.errors import WorkerError
from autograder.model import Limits
from autograder.worker import forkserver
from autograder.worker.handle import Worker

START_SECONDS = 180.0
CLOSE_SECONDS = 10.0


class WarmParent:
    """The process that workers are forked from; a context manager."""

    server = "autograder.worker.server"

    def __init__(
        self,
        models: tuple[str, ...],
        required_layers: tuple[str, ...],
        *,
        modules: tuple[str, ...] = (),
        data: Path | None = None,
    ) -> None:
        self._required, self._data = required_layers, data
        self._stack = ExitStack()
        self._scratch = self._stack.enter_context(files.scratch())
        self._control = forkserver.fork(
            self.server,
            folder=self._scratch,
            kind=socket.SOCK_SEQPACKET,
            models=models,
            modules=modules,
        )
        self.pid = 0
        self._readable = (*sandbox.readable(models), *((data,) if data else ()))
        self._control.settimeout(START_SECONDS)
        self._ready = False

    def wait_until_ready(self) -> None:
        """Blocks until the models are loaded.  Raises WorkerError if the process ended instead."""
        if not self._ready:
            self._learn_pid()
            self._receive()
            self._ready = True
            self._control.settimeout(60.0)

    def _learn_pid(self) -> None:
        if not self.pid:
            self.pid = int(self._receive()["pid"])

    def watch(self, names: Iterable[str]) -> None:
        """Has every worker from now on notice the use of these functions (dotted names; `module.*` for a whole module)."""
        self.wait_until_ready()
        self._ask({"watch": sorted(names)})

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
            reply = self._ask({"spawn": job}, theirs)
        finally:
            theirs.close()
        if "fault" in reply:
            ours.close()
            files.remove(work)
            raise WorkerError(f"A worker could not be forked: {reply['fault']}.", "Run the command again.")
        return Worker(self, int(reply["pid"]), ours, limits, work, until=until)

    def reap(self, pid: int) -> tuple[int, float]:
        """Ends a worker; its wait status, or -1 if there is none of that number, and the seconds of CPU time that it used."""
        reply = self._ask({"reap": pid})
        return int(reply["status"]), float(reply["cpu"])

    def _ask(self, request: dict[str, Any], *sent: socket.socket) -> dict[str, Any]:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], [one.fileno() for one in sent])
        except OSError as error:
            raise WorkerError(f"The warm parent is gone ({error}).", "Run the command again.") from error
        return self._receive()

    @property
    def is_alive(self) -> bool:
        return not forkserver.ended(self._control)

    def _receive(self) -> dict[str, Any]:
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise WorkerError(f"The warm parent does not answer ({error}).", "Run the command again.") from error
        if not message:
            raise WorkerError(
                "The warm parent ended; its own message, if it left one, is above.",
                "Run the command again; `autograder doctor` says what is missing.",
            )
        reply: dict[str, Any] = json.loads(message)
        return reply

    def close(self) -> None:
        """Ends the process; by force where it does not end by itself."""
        if interrupt.asked():
            forkserver.stop()
        with contextlib.suppress(OSError, WorkerError):
            if not self.pid:  # it may hang while it loads
                self._control.setblocking(False)
                self._learn_pid()
        with self._stack:
            if not forkserver.let_end(self._control, CLOSE_SECONDS) and self.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
