"""Many submissions of one assignment → their judgements, in processes of this machine."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Iterator
from multiprocessing import connection

from autograder import draws, files, interrupt
from autograder.errors import InfrastructureError
from autograder.journal import Done, withheld
from autograder.judge_process import CLOSE_SECONDS, LAST_SECONDS, JudgeLost, JudgeProcess, Opening
from autograder.model import Assignment, Course, Manifest
from autograder.submitted import Job
from autograder.worker import forkserver

TRIES = 2
"""What this many judges were lost with is not tried again: its grade is withheld."""
STARTS = 3
"""So many judges in a row may end while they start."""


def judge_all(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    hidden: bool,
    processes: int,
    other_seeds: tuple[int, ...] = (),
) -> Iterator[Done]:
    """Judges `jobs` in so many `processes` and yields each as it is done, in no particular order.

    A fault of ours on one submission gives that submission a `grader_error` and the others their due.  A judge that is killed is replaced.
    A fault that stops everything (no worker, a broken suite) is raised."""
    if not jobs:
        return
    secret = other_seeds or (tuple(draws.seeds(course, assignment.name)) if hidden else ())
    judges = _Judges(Opening(course, assignment, manifest, hidden, secret), _shares(jobs, min(processes, len(jobs))))
    try:
        yield from judges.run()
    except BaseException:
        judges.close(LAST_SECONDS)
        raise
    judges.close()


def _shares(jobs: list[Job], number: int) -> list[deque[Job]]:
    """`jobs` in as many parts as there are judges.  Jobs with one seed stand together (`validate` has them), since each judge draws the inputs of each seed that
    it meets, which takes longer than it takes to judge a submission."""
    ordered = sorted(jobs, key=lambda job: job.seed or 0) if number > 1 else jobs
    bounds = [len(jobs) * index // number for index in range(number + 1)]
    return [deque(ordered[start:end]) for start, end in itertools.pairwise(bounds)]


class _Judges:
    """Judges side by side.  Each has a share of the jobs; one that is done with its own takes from the end of the longest of the others."""

    def __init__(self, opening: Opening, shares: list[deque[Job]]) -> None:
        self._opening, self._shares = opening, shares
        self._judges: list[JudgeProcess] = []
        self._starting = set(range(len(shares)))
        self._at: dict[int, Job] = {}
        self._lost: dict[Job, int] = {}
        self._failed_starts = 0

    def run(self) -> Iterator[Done]:
        with interrupt.held():
            self._judges += [JudgeProcess(self._opening) for _ in self._shares]
        while self._at or any(self._shares):
            busy = {index: self._judges[index] for index in self._starting | self._at.keys()}
            patience = min(judge.due for judge in busy.values()) - time.monotonic()
            ready = connection.wait([judge.fileno() for judge in busy.values()], max(0.0, patience))
            now = time.monotonic()
            for index, judge in busy.items():
                if judge.fileno() not in ready and now < judge.due:
                    continue
                if index in self._starting:
                    self._open(index)
                else:
                    yield from self._answer(index)

    def close(self, patience: float = CLOSE_SECONDS) -> None:
        if interrupt.asked():
            forkserver.stop()  # it may still load, and would not hear of judges that nobody waits for
        for judge in self._judges:
            judge.hang_up()
        for judge in self._judges:
            judge.close(patience)
        files.sweep_scratch()  # of judges that were killed

    def _open(self, index: int) -> None:
        try:
            if not self._judges[index].is_open():
                return
        except JudgeLost as error:
            self._failed_starts += 1
            if self._failed_starts == STARTS:
                raise InfrastructureError(
                    f"{STARTS} judges in a row were killed while they started; what was finished is kept.",
                    "Is there memory enough for so many?  `--jobs 1` needs the least.",
                ) from error
            self._judges[index] = JudgeProcess(self._opening)
        else:
            self._failed_starts = 0
            self._starting.remove(index)
            self._ask(index)

    def _ask(self, index: int) -> None:
        """Gives a judge its next job, if there is one."""
        share = self._shares[index]
        other = max(self._shares, key=len)
        if share or other:
            job = self._at[index] = share.popleft() if share else other.pop()
            self._judges[index].ask(job)

    def _answer(self, index: int) -> Iterator[Done]:
        job = self._at.pop(index)
        try:
            done = self._judges[index].answer()
        except JudgeLost as error:
            self._judges[index] = JudgeProcess(self._opening)
            self._starting.add(index)
            self._lost[job] = self._lost.get(job, 0) + 1
            if self._lost[job] < TRIES:
                self._shares[index].appendleft(job)
                return
            done = withheld(job, self._opening.manifest, f"{TRIES} times {error}.")
        else:
            self._ask(index)  # before whoever takes the result does something with it
        yield done
