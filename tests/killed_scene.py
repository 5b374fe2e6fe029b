"""Grades a class again and again while its processes are killed.  A program of its own: `killed_scene.py COURSE KILLS SEED`.

Starting Python and importing torch takes seconds, so all processes are forked from this one, which has imported everything: coordinator,
judges, warm parents.  What runs in them is the engine's own code.  Orphans become children of this process, which so sees every one."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import gradebook, journal
from autograder import judge as _judge  # noqa: F401 - pytest and Hypothesis, once
from autograder.cli.grade import grade
from autograder.errors import AutograderError
from autograder.files import SCRATCH
from autograder.gradebook import rows as _rows  # noqa: F401 - nbgrader, once
from autograder.model import Course, Execution, Report
from autograder.worker import forkserver, server

ROLES = ("coordinator", "server", "judge", "parent", "worker")
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 30.0  # seconds that orphans may take to go


class Forked:
    """Stands for the `Popen` of a fork server: the same program, in a fork of this process that has nothing open but its channel."""

    def __init__(self, _: list[str], *, pass_fds: list[int], **_settings: Any) -> None:
        self.pid = os.fork()
        if not self.pid:
            (channel,) = pass_fds
            os.dup2(channel, 3)
            os.closerange(4, 1 << 16)
            try:
                forkserver.serve(socket.socket(fileno=3))
            finally:
                os._exit(0)


class Scene:
    def __init__(self, course: Course, seed: int) -> None:
        self.course = course
        (self.assignment,) = course.assignments
        self.results = course.root / "results" / self.assignment.name
        self.draw = random.Random(seed)
        shutil.copy(course.root / "gradebook.db", course.root / "empty.db")
        self.took = {}
        for jobs in (2, 1):
            self._forget()
            self.took[jobs] = self._undisturbed(jobs)
        self.expected = self.reports()
        self.booked = gradebook.scores(course, self.assignment)
        self.students = sorted(path.name for path in (course.root / "submitted").iterdir())
        self.killed: dict[str, int] = dict.fromkeys(ROLES, 0)
        self.whole = 0
        self.codes: set[int] = set()

    def run(self, kills: int) -> None:
        """Grades, with kills at random moments of each run, until a run comes through; then looks, and begins anew."""
        while sum(self.killed.values()) < kills:
            self._forget()
            while self._one_run(self.draw.choice((1, 2))):
                self._look(done=False)
            self._look(done=True)
            self.whole += 1

    # ── one run ───────────────────────────────────────────────────────────────────────────────────

    def _undisturbed(self, jobs: int) -> float:
        started = time.monotonic()
        code = os.waitstatus_to_exitcode(os.waitpid(self._start(jobs), 0)[1])
        assert code == 0, f"an undisturbed run ended with {code}"
        return time.monotonic() - started

    def _start(self, jobs: int) -> int:
        pid = os.fork()
        if not pid:
            code = 70
            try:
                done = grade(self.course, self.assignment, student=None, jobs=jobs, force=False, quiet=True)
                code = 4 if any(one.report.status == "grader_error" for one in done) else 0
            except AutograderError as error:
                code = error.exit_code
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(code)
        return pid

    def _one_run(self, jobs: int) -> bool:
        """Kills something at random moments of a run, up to five times.  Whether the run has to be followed by another one: the loss of
        a worker, a judge, its warm parent or the fork server does not end a run."""
        coordinator = self._start(jobs)
        watch = os.pidfd_open(coordinator)
        many = self.draw.randint(1, 5)
        roles = self.draw.choices(ROLES, k=many)
        while roles and self._kill(roles[-1], coordinator, watch, self.took[jobs] / many):
            roles.pop()
        code = os.waitstatus_to_exitcode(os.waitpid(coordinator, 0)[1])
        os.close(watch)
        self._wait_for_orphans()
        assert code in {0, 4, -signal.SIGKILL}, f"the run ended with {code}"
        self.codes.add(code)
        return code != 0

    def _kill(self, role: str, coordinator: int, watch: int, within: float) -> bool:
        """Kills one process of that role at a random moment, or at the first later one when there is any; False if the run ended before."""
        ended = bool(select.select([watch], [], [], self.draw.uniform(0, within))[0])
        while not ended:
            if victims := list(self._of_role(role, coordinator)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.draw.choice(victims), signal.SIGKILL)
                    self.killed[role] += 1
                return True
            ended = bool(select.select([watch], [], [], 0.002)[0])
        return False

    @staticmethod
    def _of_role(role: str, coordinator: int) -> list[int]:
        """Warm parents work in a temporary folder of theirs, judges where the command was given."""
        servers = children(coordinator)
        forks = [one for server in servers for one in children(server)]
        parents = [one for one in forks if SCRATCH in folder_of(one)]
        found = {
            "coordinator": [coordinator],
            "server": servers,
            "judge": [one for one in forks if one not in parents],
            "parent": parents,
            "worker": [one for parent in parents for one in children(parent)],
        }[role]
        return [one for one in found if folder_of(one)]

    @staticmethod
    def _wait_for_orphans() -> None:
        deadline = time.monotonic() + PATIENCE
        while children(os.getpid()):
            with contextlib.suppress(ChildProcessError):
                if not os.waitpid(-1, os.WNOHANG)[0]:
                    select.select([], [], [], 0.002)
            assert time.monotonic() < deadline, f"left over: {children(os.getpid())}"

    # ── what is there afterwards ──────────────────────────────────────────────────────────────────

    def _forget(self) -> None:
        for name in ("results", "autograded"):
            shutil.rmtree(self.course.root / name, ignore_errors=True)
        for path in self.course.root.glob("gradebook.db*"):
            path.unlink()
        shutil.copy(self.course.root / "empty.db", self.course.root / "gradebook.db")

    def reports(self) -> dict[str, Report]:
        """The results without what differs from run to run."""
        found = {}
        for path in self.results.glob("*.json"):
            report = journal.load(path)
            assert report is not None, f"{path} is no result"
            same = Execution(cells=report.execution.cells, errors=report.execution.errors)
            found[path.stem] = dataclasses.replace(report, execution=same)
        return found

    def _look(self, *, done: bool) -> None:
        """Whatever was killed: what is finished is whole and right.  After a run that came through, all of it is there, once."""
        reports = self.reports()
        for student, report in reports.items():
            if report.status != "grader_error":
                assert report == self.expected[student], f"{student}: {report} is not {self.expected[student]}"
        if not done:
            return
        assert sorted(reports) == self.students
        assert sorted(path.name for path in self.results.iterdir()) == sorted(
            f"{student}.{kind}" for student in self.students for kind in ("json", "outputs")
        )
        assert gradebook.scores(self.course, self.assignment) == self.booked
        assert self._count("submitted_assignment") == self._count("submitted_notebook") == len(self.students)
        assert self._count("grade") == self._count("comment") == len(self.students) * len(self.expected["ada"].tasks)
        folders = [self.course.root / "autograded" / one / self.assignment.name for one in self.students]
        for folder in folders:
            (path,) = folder.iterdir()
            assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4
        left = list(Path(os.environ["TMPDIR"]).glob(f"{SCRATCH}*"))
        assert left == [], left

    def _count(self, table: str) -> int:
        import sqlite3

        with contextlib.closing(sqlite3.connect(self.course.root / "gradebook.db")) as book:
            return int(book.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def children(process: int) -> list[int]:
    """The processes, zombies included, that any thread of `process` has started."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it may end at any moment
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, path.read_text().split())
    return found


def folder_of(process: int) -> str:
    """Where a process works; empty if it has ended."""
    try:
        return str(Path(f"/proc/{process}/cwd").readlink())
    except OSError:
        return ""


def main() -> None:
    root, kills, seed = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    forkserver.subprocess.Popen = Forked  # type: ignore[attr-defined]
    scene = Scene(courses.load(Path(root)), int(seed))
    scene.run(int(kills))
    sys.stdout.write(
        json.dumps({"killed": scene.killed, "whole": scene.whole, "codes": sorted(scene.codes), "took": scene.took})
    )


if __name__ == "__main__":
    server.preload({"models": [], "modules": []})
    gc.collect()
    gc.freeze()  # as each warm parent does for its workers
    main()
