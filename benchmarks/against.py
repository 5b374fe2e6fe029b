"""The parts of the benchmark that measure a peer in the same run.  Each takes the course, the size of the class and how many of it the slow
peers run, and gives lines of Markdown."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from huggingface_hub.constants import HF_HOME

from autograder import course as courses
from autograder import variants
from autograder.model import Course
from autograder.release import load_source, source_manifest
from benchmarks import classes, floor
from benchmarks.calls import judged
from benchmarks.command import ROOT, run
from benchmarks.lockdown import added_ms
from benchmarks.nbgrader_course import NbgraderCourse
from benchmarks.otter import Otter
from benchmarks.otter_course import OtterCourse

ROUNDS = 5
HALVES = "ab"


def nbgrader(course: Course, size: int, peers: int) -> list[str]:
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
    for who, given in _spread(course, name, size, peers):
        peer.hand_in(who, given)
    return peer


def otter_grader(course: Course, size: int, peers: int) -> list[str]:
    """As against nbgrader's second column: no cells that are only for show.  otter has no gradebook and no command for a folder."""
    lines = [
        f"The same class without the cells that are only for show, {size} submissions here, {peers} there, one `otter run` each, one after the other.",
        "",
        "| assignment | otter-grader, s a submission | here | ratio |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        otter = Otter(
            Path(folder),
            PYTHONPATH=str(ROOT),
            HF_HUB_OFFLINE="1",
            HF_HOME=HF_HOME,
        )
        for assignment in course.assignments:
            name = assignment.name
            with judged(course, name) as (_, _, asked):
                peer = OtterCourse(otter, course, name, asked)
            ours = classes.write(Path(folder, f"ours-{name}"), course, name, size)
            there = 0.0
            for who, given in _spread(course, name, size, peers):
                peer.hand_in(who, given)
                there += peer.grade(who)[0] / peers
            here = run(ours.root, "grade", name, "--quiet")[0] / size
            lines.append(f"| {name} | {there:.2f} | {here:.3f} | **{there / here:.0f}** |")
            print(lines[-1], flush=True)
    return lines


def _spread(course: Course, name: str, size: int, peers: int) -> list[tuple[str, dict[str, str]]]:
    """(student, all answers) of so many of the class, right and wrong ones as in the whole of it."""
    solution = variants.answers(load_source(course, name), source_manifest(course, courses.pick(course, [name])[0]))
    chosen = classes.answers(course, name, size)
    return [
        (f"{HALVES[2 * number // peers]}{number:05d}", {**solution, **chosen[number * size // peers]})
        for number in range(peers)
    ]


def the_floor(course: Course, size: int, _: int) -> list[str]:
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


def importing(course: Course, _size: int, _peers: int) -> list[str]:
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


def lockdown(course: Course, _size: int, _peers: int) -> list[str]:
    """The same notebook in a locked and in an open worker, in turn."""
    lines = []
    for name in ("tokenization", "softmax"):
        locked, unlocked, added = added_ms(course, name, 30)
        lines.append(
            f"- {name}: {locked:.0f} ms locked, {unlocked:.0f} ms open; the median pair differs by **{added:.1f} ms**"
        )
    return lines
