"""A judge in a process of its own, for a program that has threads, or that may not have children of `multiprocessing`.

A Dask worker is both: its event loop runs beside the tasks, and its nanny makes it a daemon.  So the judge, which forks, is started as a
program (`python -m autograder.judge_process <descriptor>`) and spoken to over a socket.  It ends when the other end is closed, however that
comes about, and by itself when nobody has asked for `IDLE_SECONDS`.  Both ends are ours: what travels is pickled."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import select
import signal
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from autograder import environment, sandbox
from autograder.bundle import Bundle, differences
from autograder.errors import AutograderError, InfrastructureError
from autograder.judge import Judge, open_judge
from autograder.model import Judgement, Manifest, NotGradable, Submission
from autograder.pool import withheld

IDLE_SECONDS = 600.0
START_SECONDS = 300.0
CLOSE_SECONDS = 20.0


class JudgeLost(Exception):
    """The process of a judge ended in the middle of a submission."""


class JudgeProcess:
    """A judge of one assignment, whose bundle is unpacked in `folder`.  Raises what `open_judge` raises, and SandboxError."""

    def __init__(self, bundle: Bundle, folder: Path) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.judge_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        error: AutograderError | None = None
        try:
            self._ours.send((dataclasses.replace(bundle, files=()), folder))  # where the files lie already
            if self._ours.poll(START_SECONDS):
                error = self._ours.recv()
            else:
                error = InfrastructureError(f"A judge did not start within {START_SECONDS:g} s.")
        except (EOFError, OSError):
            error = InfrastructureError("A judge ended while it started; its own message is in the worker's log.")
        if error is not None:
            self.close()
            raise error

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def judge(self, submission: Submission | NotGradable, *, seed: int | None, only: tuple[str, ...]) -> Judgement:
        """The judgement of one submission.  Raises JudgeLost."""
        try:
            self._ours.send((submission, seed, only))
            judgement: Judgement = self._ours.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise JudgeLost("the judge's process ended while it judged this") from error
        return judgement

    def close(self) -> None:
        """Ends the process, also in the middle of a submission."""
        self._ours.close()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


# ── the process ───────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    connection = Connection(int(sys.argv[1]))
    threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, EOFError, BrokenPipeError, ConnectionResetError):
        _serve(connection)


def _serve(connection: Connection) -> None:
    bundle: Bundle
    folder: Path
    bundle, folder = connection.recv()
    course = dataclasses.replace(bundle.course, root=folder)
    with contextlib.ExitStack() as stack:
        try:
            if unlike := differences(bundle.versions):
                raise InfrastructureError(f"It would judge with {unlike}.")
            if not course.unsafe:
                sandbox.require(course.required_layers, course.limits)
            judge = stack.enter_context(
                open_judge(course, bundle.assignment, bundle.manifest, hidden=True, other_seeds=bundle.seeds)
            )
        except AutograderError as error:
            connection.send(error)
            return
        connection.send(None)
        while connection.poll(IDLE_SECONDS):
            submission, seed, only = connection.recv()
            connection.send(_judged(judge, bundle.manifest, submission, seed, only))


def _judged(
    judge: Judge, manifest: Manifest, submission: Submission | NotGradable, seed: int | None, only: tuple[str, ...]
) -> Judgement:
    try:
        return judge(submission, seed=seed, only=only)
    except Exception as error:  # ours, not the student's: the grade is withheld, loudly, and the class goes on
        return withheld(submission, manifest, f"{type(error).__name__}: {error}")


def _end_with(descriptor: int) -> None:
    """Interrupts the main thread when the other end of the socket is closed."""
    hung_up = select.poll()
    hung_up.register(descriptor, select.POLLHUP | select.POLLRDHUP)
    hung_up.poll()
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)


if __name__ == "__main__":
    environment.prepare()
    main()
