"""A judge in a process of its own: several of them judge a class, and each thread of a Dask worker has one.

It is a fork of the fork server, and is spoken to over a socket.  It ends when the other end is closed, however that comes about, and by
itself when nobody has asked for `IDLE_SECONDS`.  Both ends are ours: what travels is pickled."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from autograder import environment, files, interrupt, notebook, sandbox
from autograder.errors import AutograderError
from autograder.journal import Done
from autograder.model import Assignment, Course, Limits, Manifest, NotGradable, Submission
from autograder.sandbox import rlimits
from autograder.submitted import Job
from autograder.worker import forkserver

IDLE_SECONDS = 600.0
START_SECONDS = 300.0
CLOSE_SECONDS = 20.0
MEMORY_MB = 1536
"""More than a judge has when it begins with a submission, in MiB: answers are read and compared, and inputs drawn, within that."""
LAST_SECONDS = 1.5
"""For closing what nobody waits for any more, or what does not do its work in time."""


def longest(limits: Limits) -> float:
    """So many seconds a judge may take for one submission.  Each worker ends with its submission's time, and where one was killed there is a
    second time; the rest is for drawing inputs and for what runs in the judge itself, which nothing else ends."""
    return 2 * limits.submission_seconds + START_SECONDS


class JudgeLost(Exception):
    """The process of a judge ended while it started or in the middle of a submission, or took too long and was ended."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a judge is opened with.  `try_sandbox` where nobody has tried the sandbox of this machine yet.

    Environment and module path are those of who opens it: a suite may import what it finds there, and the environment may hold secrets, which
    the fork server must not see."""

    course: Course
    assignment: Assignment
    manifest: Manifest
    hidden: bool
    seeds: tuple[int, ...]
    try_sandbox: bool = False
    environ: dict[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    path: tuple[str, ...] = field(default_factory=lambda: tuple(sys.path))


class JudgeProcess:
    """A judge that starts at once; `wait_until_open` says whether it could.

    `due` is when, by the monotonic clock, what it is at must be done."""

    def __init__(self, opening: Opening) -> None:
        self.pid = 0
        self.due = time.monotonic() + START_SECONDS
        self._first_word = threading.Lock()
        self._longest = longest(opening.course.limits)
        channel = forkserver.fork(
            __name__,
            folder=Path.cwd(),
            models=opening.assignment.models,
            modules=notebook.imported_modules(opening.manifest, opening.assignment.preload),
            may_fork=True,
        )
        self._channel = channel
        self._ours = Connection(os.dup(channel.fileno()))
        self._send(opening)

    @property
    def alive(self) -> bool:
        return not forkserver.ended(self._channel)

    def fileno(self) -> int:
        """What `multiprocessing.connection.wait` waits for."""
        return self._ours.fileno()

    def wait_until_open(self) -> None:
        """Raises what `open_judge` raises, SandboxError, and JudgeLost where it ended without a word or is not open in time."""
        while not self.is_open():
            continue

    def is_open(self) -> bool:
        """Takes its next word, of two: that it is there, and that it is open.  Raises as `wait_until_open`."""
        error: AutograderError | None
        try:
            if not self._ours.poll(max(0.0, self.due - time.monotonic())):
                raise self._overdue(f"a judge did not start within {START_SECONDS:g} s")
            if self._takes_pid():
                return False
            error = self._ours.recv()
        except (EOFError, OSError) as ended:
            self.close()
            raise JudgeLost(
                "a judge ended while it started; its own message is above, or in the worker's log"
            ) from ended
        if error is not None:
            self.close()
            raise error
        return True

    def ask(self, job: Job, submission: Submission | NotGradable | None = None) -> None:
        """Hands over one job, with its submission where the process cannot read it itself; `answer` has what comes of it."""
        self.due = time.monotonic() + self._longest
        self._send((job, submission))

    def answer(self) -> Done:
        """Raises JudgeLost."""
        try:
            if not self._ours.poll(max(0.0, self.due - time.monotonic())):
                raise self._overdue(f"the judge's process took longer than {self._longest:g} s for this")
            done: Done = self._ours.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise JudgeLost("the judge's process ended while it judged this") from error
        return done

    def hang_up(self) -> None:
        """Tells the process to end, also in the middle of a submission; `close` waits for it."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)

    def close(self, patience: float = CLOSE_SECONDS) -> None:
        """Ends the process, within `patience` seconds by itself or else by force."""
        with contextlib.suppress(EOFError, OSError):
            self._takes_pid()
        self._ours.close()
        if not forkserver.let_end(self._channel, patience) and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _takes_pid(self) -> bool:
        """Takes the first word of the process, if that has come and is not known yet: without it nobody could end one that hangs.

        One thread may wait for a judge while another closes it."""
        with self._first_word:
            if self.pid or not self._ours.poll():
                return False
            self.pid = self._ours.recv()
            return True

    def _overdue(self, why: str) -> JudgeLost:
        self.close(LAST_SECONDS)
        return JudgeLost(why)

    def _send(self, message: object) -> None:
        with contextlib.suppress(OSError):  # it has ended: whoever waits for its answer is told
            self._ours.send(message)


# ── the process ───────────────────────────────────────────────────────────────────────────────────


def main(channel: socket.socket, _: object) -> None:
    interrupt.install()
    connection = Connection(channel.detach())
    try:
        connection.send(os.getpid())
        threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            _serve(connection)
    except BaseException:
        if interrupt.asked():  # whatever it has become on its way
            interrupt.end(0)
        raise


def _serve(connection: Connection) -> None:
    opening: Opening = connection.recv()
    os.environ.clear()
    os.environ.update(opening.environ)
    sys.path[:] = opening.path
    environment.prepare()
    from autograder.judge import judged, open_judge  # pytest and Hypothesis, which the fork server does not have

    course, assignment, manifest = opening.course, opening.assignment, opening.manifest
    with contextlib.ExitStack() as stack:
        stack.enter_context(files.private_scratch())  # what hidden checks write must not outlive the judge
        try:
            if opening.try_sandbox and not course.unsafe:
                sandbox.require(course.required_layers, course.limits)
            judge = stack.enter_context(
                open_judge(course, assignment, manifest, hidden=opening.hidden, seeds=opening.seeds)
            )
        except AutograderError as error:
            connection.send(error)
            return
        connection.send(None)
        while connection.poll(IDLE_SECONDS):
            rlimits.allow_more(MEMORY_MB)
            done = judged(judge, *connection.recv())
            if not judge.is_able:  # this judge is lost, and its job goes to another
                return
            connection.send(done)


def _end_with(descriptor: int) -> None:
    """Interrupts the main thread when the other end of the socket is closed."""
    hung_up = select.poll()
    hung_up.register(descriptor, select.POLLHUP | getattr(select, "POLLRDHUP", 0))
    hung_up.poll()
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)
