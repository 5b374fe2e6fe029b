"""What a second worker of a cluster adds: the same class on one worker and on two, in turn, on this machine.

    python -m benchmarks.scale [assignment]

Throughput is counted between the end of the first and of the last part of a class: judges that start, and workers that have nothing left to
do, are not in it."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import distributed

from autograder import cluster, environment, variants
from autograder import course as courses
from autograder.model import Assignment, Course
from autograder.release import source_manifest
from autograder.submitted import Job

DASK = [sys.executable, "-m", "dask"]
SUBMISSIONS = 100
WARM, LEFT = 20, 5
ROUNDS = 3


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([*DASK, *arguments, "--no-dashboard"], cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def scheduler_of(workers: int) -> Iterator[str]:
    """The address of a scheduler on this machine with so many workers of one thread."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scale-")))
        place = folder / "scheduler.json"
        start = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        stack.enter_context(started(*start, folder=folder))
        for _ in range(workers):
            start = ("worker", "--host", "127.0.0.1", "--nthreads", "1", "--scheduler-file", str(place))
            stack.enter_context(started(*start, folder=folder))
        with distributed.Client(scheduler_file=str(place), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            assert client.scheduler is not None
            address = str(client.scheduler.address)
        yield address


def throughput(course: Course, assignment: Assignment, scheduler: str) -> float:
    """Submissions a second, once all judges are warm.  Right and wrong answers take turns."""
    manifest = source_manifest(course, assignment)
    with variants.written(course, assignment, manifest) as paths:
        turns = itertools.islice(
            itertools.cycle(path for variant, path in paths if variant.kind != "stub"), SUBMISSIONS
        )
        jobs = [Job(path, f"s{number}", seed=0) for number, path in enumerate(turns)]
        times = [time.monotonic() for _ in cluster.judge_all(course, assignment, manifest, jobs, scheduler=scheduler)]
    begin, end = times[WARM], times[-LEFT]
    return (len(times) - LEFT - WARM) / (end - begin)


def main() -> None:
    environment.prepare()
    course = courses.load()
    (assignment,) = courses.pick(course, sys.argv[1:] or ["softmax"])
    one, two = [], []
    with scheduler_of(1) as alone, scheduler_of(2) as pair:
        for number in range(ROUNDS):
            one.append(throughput(course, assignment, alone))
            two.append(throughput(course, assignment, pair))
            print(f"round {number + 1}: {one[-1]:.2f} and {two[-1]:.2f} submissions a second", flush=True)
    ratio = statistics.median(more / less for less, more in zip(one, two, strict=True))
    print(
        f"{assignment.name}: one worker {statistics.median(one):.2f}, two {statistics.median(two):.2f} submissions a second, "
        f"ratio {ratio:.2f} (median of {ROUNDS})"
    )


if __name__ == "__main__":
    main()
