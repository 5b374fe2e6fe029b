"""The parts of the benchmark.  Each takes the course, the size of the class and how many of it the slow peers run, and gives lines of Markdown."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import course as courses
from autograder import pool, variants
from autograder.model import Course
from autograder.release import source_manifest, source_notebook
from autograder.submitted import Job
from benchmarks import classes, floor
from benchmarks.calls import judged
from benchmarks.lockdown import added_ms
from benchmarks.memory import Memory
from benchmarks.nbgrader_course import NbgraderCourse

TITLES = {
    "nbgrader": "A class, against `nbgrader autograde`",
    "floor": "A submission, against the floor",
    "check": "`autograder check` on one notebook, against importing the libraries and loading the model",
    "memory": "Memory of one more worker",
    "flat": "A large class, against a small one",
    "again": "Grading an unchanged class again",
    "pages": "Feedback pages and the report",
    "lockdown": "What the lock-down adds",
}
ROUNDS = 5
HALVES = "ab"
LARGE = 10


def run(root: Path, *arguments: str) -> tuple[float, int]:
    """(wall-clock seconds, largest resident memory in MB) of an `autograder` command in the course at `root`."""
    environ = {**os.environ, "AUTOGRADER_COURSE": str(root), "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *arguments], env=environ, stdout=subprocess.DEVNULL, cwd=root
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"autograder {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss // 1024


def against_nbgrader(course: Course, size: int, peers: int) -> list[str]:
    """The class is graded by both in turn: a half there, all here, the other half there, all here again from nothing."""
    lines = [
        (
            f"{size} submissions, 60 % right; start-up, gradebook and autograded notebooks included on both sides, nothing kept from an earlier run. "
            f"nbgrader runs {peers} of them, in two halves around ours. It also runs the cells that are only for show (plots, long texts), whose saved "
            "outputs we keep: “without” is nbgrader on the same notebooks without those cells."
        ),
        "",
        "| assignment | nbgrader, s a submission | without | here | ratio | without |",
        "|---|---|---|---|---|---|",
    ]
    for assignment in course.assignments:
        name = assignment.name
        with tempfile.TemporaryDirectory() as folder:
            ours = classes.write(Path(folder, "ours"), course, name, size)
            theirs = [
                _peer(Path(folder, kind), course, name, size, peers, demo=kind == "plain") for kind in ("plain", "bare")
            ]
            spent = [0.0, 0.0]
            here = []
            for half in HALVES:
                for number, peer in enumerate(theirs):
                    spent[number] += peer.autograde(f"{half}*")
                here.append(run(ours.root, "grade", name, "--quiet")[0])
                for left in ("results", ".autograder", "autograded", "gradebook.db"):
                    subprocess.run(["rm", "-rf", str(ours.root / left)], check=True)
            plain, bare, each = spent[0] / peers, spent[1] / peers, statistics.mean(here) / size
            lines.append(
                f"| {name} | {plain:.2f} | {bare:.2f} | {each:.3f} | **{plain / each:.0f}** | {bare / each:.0f} |"
            )
            print(lines[-1], flush=True)
    return lines


def _peer(root: Path, course: Course, name: str, size: int, peers: int, *, demo: bool) -> NbgraderCourse:
    root.mkdir()
    with judged(course, name) as (_, _, asked):
        peer = NbgraderCourse(root, course, name, asked, demo=demo)
    solution = variants.answers(source_notebook(course, name), source_manifest(course, courses.pick(course, [name])[0]))
    chosen = classes.answers(course, name, size)
    for number in range(peers):
        given = chosen[number * size // peers]
        peer.hand_in(f"{HALVES[2 * number // peers]}{number:05d}", {**solution, **given})
    return peer


def against_the_floor(course: Course, size: int, _: int) -> list[str]:
    """One judge, one submission at a time."""
    lines = ["Milliseconds of a submission, median of a class; the ratio is the median of the pairs.", ""]
    lines += ["| assignment | judged | floor | ratio |", "|---|---|---|---|"]
    for assignment in course.assignments:
        with tempfile.TemporaryDirectory() as folder:
            ours = classes.write(Path(folder), course, assignment.name, min(size, 30))
            judgement, least, ratio = floor.ratio(ours, assignment.name)
        lines.append(f"| {assignment.name} | {judgement:.0f} | {least:.0f} | **{ratio:.1f}** |")
        print(lines[-1], flush=True)
    return lines


def checking_one(course: Course, _size: int, _peers: int) -> list[str]:
    """In turn: `check`, and a program that imports the libraries and loads the model."""
    name, model = "softmax", "HuggingFaceTB/SmolLM2-135M-Instruct"
    least = (
        "import torch, transformers\n"
        f"transformers.AutoTokenizer.from_pretrained({model!r}); transformers.AutoModelForCausalLM.from_pretrained({model!r})"
    )
    with tempfile.TemporaryDirectory() as folder:
        ours = classes.write(Path(folder), course, name, 2)
        path = str(Path(folder, "submitted", classes.student(0), name, f"{name}.ipynb"))
        checks, loads, helps = [], [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", least], check=True, capture_output=True)
            loads.append(time.perf_counter() - started)
            checks.append(run(ours.root, "check", path, "--quiet")[0])
            helps.append(run(ours.root, "--help")[0])
    ratios = [one / other for one, other in zip(checks, loads, strict=True)]
    return [
        (
            f"`autograder check` takes {statistics.median(checks):.2f} s, the libraries and the model alone {statistics.median(loads):.2f} s: "
            f"**{statistics.median(ratios):.2f}** times as long (median of {ROUNDS} pairs). `--help` takes {statistics.median(helps):.2f} s."
        )
    ]


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
        for count in (size, LARGE * size):
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


def lockdown(course: Course, _size: int, _peers: int) -> list[str]:
    """The same notebook in a locked and in an open worker, in turn."""
    lines = []
    for name in ("tokenization", "softmax"):
        locked, unlocked, added = added_ms(course, name, 30)
        lines.append(
            f"- {name}: {locked:.0f} ms locked, {unlocked:.0f} ms open; the median pair differs by **{added:.1f} ms**"
        )
    return lines
