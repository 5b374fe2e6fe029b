"""What a second worker of a cluster adds: the same class on one worker and on two, in turn, on this machine.

Throughput is counted between the end of the first and of the last part of a class: judges that start, and workers that have nothing left to
do, are not in it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import distributed

from autograder import cluster
from autograder import course as courses
from autograder.model import Assignment, Course
from autograder.release import source_manifest
from autograder.submitted import Job
from benchmarks import classes

DASK = [sys.executable, "-m", "dask"]
SUBMISSIONS = 60
WARM, LEFT = 15, 5
ROUNDS = 3


@contextmanager
def started(*arguments: str, folder: Path, core: int | None = None) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        command = [*DASK, *arguments, "--no-dashboard"]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        if core is not None:
            os.sched_setaffinity(process.pid, {core})  # before it has threads; what it starts inherits it
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def scheduler_of(workers: int, *, pinned: bool) -> Iterator[str]:
    """The address of a scheduler on this machine with so many workers of one thread, each with its judges on a core of its own if `pinned`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scale-")))
        place = folder / "scheduler.json"
        start = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        stack.enter_context(started(*start, folder=folder))
        for core in range(workers):
            start = ("worker", "--host", "127.0.0.1", "--nthreads", "1", "--scheduler-file", str(place))
            stack.enter_context(started(*start, folder=folder, core=core if pinned else None))
        with distributed.Client(scheduler_file=str(place), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            assert client.scheduler is not None
            address = str(client.scheduler.address)
        yield address


def throughput(course: Course, assignment: Assignment, scheduler: str) -> float:
    """Submissions a second of the benchmark's class, right and wrong ones mixed, once all judges are warm."""
    manifest = source_manifest(course, assignment)
    with tempfile.TemporaryDirectory() as folder:
        ours = classes.write(Path(folder), course, assignment.name, SUBMISSIONS)
        paths = sorted(ours.root.glob(f"submitted/*/{assignment.name}/*.ipynb"))
        mixed = [
            paths[37 * number % len(paths)] for number in range(len(paths))
        ]  # 37 and the size have no common factor
        jobs = [Job(path, path.parts[-3], seed=0) for path in mixed]
        times = [time.monotonic() for _ in cluster.judge_all(course, assignment, manifest, jobs, scheduler=scheduler)]
    begin, end = times[WARM], times[-LEFT]
    return (len(times) - LEFT - WARM) / (end - begin)


def second_worker(course: Course, name: str, *, pinned: bool) -> tuple[float, float, float]:
    """(submissions a second of one worker, of two, median ratio of the pairs)."""
    (assignment,) = courses.pick(course, [name])
    one, two = [], []
    with scheduler_of(1, pinned=pinned) as alone, scheduler_of(2, pinned=pinned) as pair:
        for _ in range(ROUNDS):
            one.append(throughput(course, assignment, alone))
            two.append(throughput(course, assignment, pair))
    ratios = [more / less for less, more in zip(one, two, strict=True)]
    return statistics.median(one), statistics.median(two), statistics.median(ratios)
