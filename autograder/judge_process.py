"""A judge in a process of its own: several of them judge a class, and each thread of a Dask worker has one.

It is started as a program (`python -m autograder.judge_process <descriptor>`), because it forks, which a program with threads must not, and
because Dask's workers may not have children of `multiprocessing`; and it is spoken to over a socket.  It ends when the other end is closed,
however that comes about, and by itself when nobody has asked for `IDLE_SECONDS`.  Both ends are ours: what travels is pickled."""

from __future__ import annotations

import contextlib
import multiprocessing
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection

from autograder import environment, interrupt, sandbox
from autograder.errors import AutograderError, InfrastructureError
from autograder.journal import Done
from autograder.judge import judged, open_judge
from autograder.model import Assignment, Course, Manifest, NotGradable, Submission
from autograder.submitted import Job

IDLE_SECONDS = 600.0
START_SECONDS = 300.0
CLOSE_SECONDS = 20.0


class JudgeLost(Exception):
    """The process of a judge ended while it started, or in the middle of a submission."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a judge is opened with.  `try_sandbox` where nobody has tried the sandbox of this machine yet."""

    course: Course
    assignment: Assignment
    manifest: Manifest
    hidden: bool
    seeds: tuple[int, ...]
    try_sandbox: bool = False


class JudgeProcess:
    """A judge that starts at once; `wait_until_open` or the first answer says whether it could."""

    def __init__(self, opening: Opening) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.judge_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C on the terminal is for who started it
        )
        theirs.close()
        self._send(opening)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fileno(self) -> int:
        """What `multiprocessing.connection.wait` waits for."""
        return self._ours.fileno()

    def wait_until_open(self) -> None:
        """Raises what `open_judge` raises, SandboxError, and JudgeLost where it ended without a word."""
        error: AutograderError | None
        try:
            if self._ours.poll(START_SECONDS):
                error = self._ours.recv()
            else:
                error = InfrastructureError(f"A judge did not start within {START_SECONDS:g} s.")
        except (EOFError, OSError) as ended:
            self.close()
            raise JudgeLost(
                "a judge ended while it started; its own message is above, or in the worker's log"
            ) from ended
        if error is not None:
            self.close()
            raise error

    def ask(self, job: Job, submission: Submission | NotGradable | None = None) -> None:
        """Hands over one job, with its submission where the process cannot read it itself; `answer` has what comes of it."""
        self._send((job, submission))

    def answer(self) -> Done:
        """Raises JudgeLost."""
        try:
            done: Done = self._ours.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise JudgeLost("the judge's process ended while it judged this") from error
        return done

    def hang_up(self) -> None:
        """Tells the process to end, also in the middle of a submission; `close` waits for it."""
        self._ours.close()

    def close(self, patience: float = CLOSE_SECONDS) -> None:
        """Ends the process, within `patience` seconds by itself or else by force."""
        self._ours.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: object) -> None:
        with contextlib.suppress(OSError):  # it has ended: whoever waits for its answer is told
            self._ours.send(message)


# ── the process ───────────────────────────────────────────────────────────────────────────────────


def main(descriptor: int) -> None:
    connection = Connection(descriptor)
    try:
        threading.Thread(target=_end_with, args=(connection.fileno(),), daemon=True).start()
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            _serve(connection)
    except BaseException:
        if interrupt.asked():  # whatever it has become on its way
            interrupt.end(0)
        raise


def _serve(connection: Connection) -> None:
    opening: Opening = connection.recv()
    course = opening.course
    with contextlib.ExitStack() as stack:
        try:
            if opening.try_sandbox and not course.unsafe:
                sandbox.require(course.required_layers, course.limits)
            judge = stack.enter_context(
                open_judge(
                    course, opening.assignment, opening.manifest, hidden=opening.hidden, other_seeds=opening.seeds
                )
            )
        except AutograderError as error:
            connection.send(error)
            return
        connection.send(None)
        while connection.poll(IDLE_SECONDS):
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


if __name__ == "__main__":
    interrupt.install()
    environment.prepare()
    main(int(sys.argv[1]))
