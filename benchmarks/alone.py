"""The parts of the benchmark that compare this grader with itself.  Each takes the course, the size of the class and how many of it the slow
peers run, and gives lines of Markdown."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import course as courses
from autograder import pool
from autograder.model import Course
from autograder.release import source_manifest
from autograder.submitted import Job
from benchmarks import classes, scale
from benchmarks.command import run, surroundings
from benchmarks.memory import Memory

LARGE, HUGE = 10, 100  # times the class
OWN_SECONDS = """import sys, time
from autograder import cli
assert cli.main(["grade", sys.argv[1], "--quiet"]) in (0, 1)
print(time.process_time())"""


def memory(course: Course, size: int, _peers: int) -> list[str]:
    """One job and two on the same class, whose processes are looked at all the time."""
    name = "sampling"
    (assignment,) = courses.pick(course, [name])
    manifest = source_manifest(course, assignment)
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        ours = classes.write(Path(folder), course, name, min(size, 24))
        jobs = [Job(path, path.parts[-3]) for path in sorted(ours.root.glob(f"submitted/*/{name}/{name}.ipynb"))]
        for processes in (1, 2):
            with Memory() as used:
                judgements = pool.judge_all(ours, assignment, manifest, jobs, hidden=True, processes=processes)
                assert sum(1 for _ in judgements) == len(jobs)
            peaks.append(used)
    one, two = peaks
    return [
        (
            f"{len(jobs)} submissions of {name}, the language model loaded: a worker has **{statistics.median(two.workers.values()):.0f} MB** of its own at "
            f"its peak (median), the largest {max(two.workers.values()):.0f} MB. All processes of one job have {one.all_mb:.0f} MB of memory that is no "
            f"file's, those of two {two.all_mb:.0f} MB: judge, warm parent and worker of a second job need {two.all_mb - one.all_mb:.0f} MB together."
        )
    ]


def flatness(course: Course, size: int, _: int) -> list[str]:
    """Small notebooks, so that what is ours weighs most: untouched ones."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (size, HUGE * size):
            ours = classes.untouched(Path(folder, str(count)), course, "tokenization", count)
            first = run(ours.root, "grade", "tokenization", "--quiet", "--student", classes.student(0))[0]
            seconds, peak = run(ours.root, "grade", "tokenization", "--quiet", "--force")
            rows.append((count, 1000 * (seconds - first) / count, peak))
    (small, each, peak), (large, each_large, peak_large) = rows
    return [
        (
            f"Of untouched notebooks, {small} take {each:.0f} ms each and {large} take {each_large:.0f} ms (**{each_large / each:.2f}** times as much), start-up "
            f"taken off; the coordinator's memory peaks at {peak} and {peak_large} MB."
        )
    ]


def grading_again(course: Course, size: int, _: int) -> list[str]:
    """Nothing has changed since."""
    with tempfile.TemporaryDirectory() as folder:
        ours = classes.untouched(Path(folder), course, "tokenization", LARGE * size)
        first = run(ours.root, "grade", "tokenization", "--quiet")[0]
        again = run(ours.root, "grade", "tokenization", "--quiet")[0]
    return [f"{LARGE * size} submissions: {first:.0f} s the first time, **{again:.1f} s** when nothing has changed."]


def pages(course: Course, size: int, _: int) -> list[str]:
    """Pages of a graded class."""
    with tempfile.TemporaryDirectory() as folder:
        ours = classes.write(Path(folder), course, "softmax", size)
        run(ours.root, "grade", "softmax", "--quiet")
        start = run(ours.root, "--version")[0]
        feedback, report = (
            run(ours.root, command, "softmax", "--quiet")[0] - start for command in ("feedback", "report")
        )
    return [
        f"{size} feedback pages of softmax take **{1000 * feedback / size:.1f} ms** each, the report {report:.1f} s, Python's start taken off."
    ]


def second_worker(course: Course, _size: int, _peers: int) -> list[str]:
    """Two Dask workers of one thread against one."""
    one, two, ratio = scale.second_worker(course, "softmax", pinned=True)
    free, both, more = scale.second_worker(course, "softmax", pinned=False)
    return [
        (
            f"On softmax a Dask worker that has one core, its judge and sandboxed process included, judges {one:.2f} submissions a second; two on two "
            f"cores of this machine, which coordinator and scheduler share, judge {two:.2f}: **{ratio:.2f}** times as many (median of {scale.ROUNDS} pairs), "
            f"once their judges are warm. A worker that may use both cores judges {free:.2f}, since its judge compares while the sandboxed process "
            f"computes; two of these judge {both:.2f} ({more:.2f} times as many)."
        )
    ]


def sizing(course: Course, size: int, _: int) -> list[str]:
    """What docs/scale.md multiplies."""
    lines = [
        "| assignment | core-seconds a submission | coordinator's seconds | result, KB | autograded notebook, KB | rows in the gradebook |",
        "|---|---|---|---|---|---|",
    ]
    for name in (assignment.name for assignment in course.assignments):
        with tempfile.TemporaryDirectory() as folder:
            ours = classes.write(Path(folder), course, name, size).root
            started = time.perf_counter()
            own = subprocess.run(
                [sys.executable, "-c", OWN_SECONDS, name],
                env=surroundings(ours),
                check=True,
                cwd=ours,
                stdout=subprocess.PIPE,
                text=True,
            )
            whole = (time.perf_counter() - started) * (os.cpu_count() or 1)
            kept, booked = (
                sum(path.stat().st_size for path in (ours / part).rglob("*") if path.is_file()) / 1024 / size
                for part in ("results", "autograded")
            )
            with contextlib.closing(sqlite3.connect(ours / "gradebook.db")) as book:
                tables = [table for (table,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                rows = sum(book.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables)  # noqa: S608 - its own names
        lines.append(
            f"| {name} | {whole / size:.2f} | {float(own.stdout) / size:.3f} | {kept:.0f} | {booked:.0f} | {rows / size:.0f} |"
        )
        print(lines[-1], flush=True)
    return lines
