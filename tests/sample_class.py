"""A class with its results, which no grader made: as values, on the pages of the report, and in a folder for the command."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder import cli, journal
from autograder import course as courses
from autograder.model import CheckResult, Course, Execution, Fingerprint, Outcome, Report, Status, TaskScore
from autograder.report.class_figures import Figures, class_plots, figures
from autograder.report.class_page import class_page
from autograder.report.course_page import course_page, course_plots
from autograder.report.standing import class_results, standings
from autograder.scoring import scored

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = (
    "ada",
    "alan",
    "barbara",
    "dennis",
    "edsger",
    "frances",
    "grace",
    "hedy",
    "ken",
    "linus",
    "margaret",
    "radia",
)
ANSWERED = (Outcome.PASSED, Outcome.FAILED, Outcome.STUDENT_ERROR, Outcome.NOT_ATTEMPTED)


def check(outcome: Outcome, name: str = "a check", weight: float = 1.0, message: str = "", **rest: Any) -> CheckResult:
    said = message or ("" if outcome is Outcome.PASSED else f"f([1, 2]) gave {outcome.value}, not 3")
    return CheckResult(name, outcome, weight, message=said, **rest)


def task(name: str, *checks: CheckResult, points: float = 2.0) -> TaskScore:
    return scored(TaskScore(name, f"The task {name}", points, 0.0, checks))


def report(student: str, *tasks: TaskScore, assignment: str = "softmax", **changes: Any) -> Report:
    made = Report(
        f"/somewhere/submitted/{student}/{assignment}/{assignment}.ipynb", assignment, student, Status.GRADED,
        round(sum(task.score for task in tasks), 2), sum(task.points for task in tasks) or 20.0, tasks,
        Execution(seconds=1.5, cells=9, peak_memory_mb=30, sandbox="full"), fingerprint=Fingerprint(f"sha256:{student}"),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def a_class(students: int, seed: int = 1, assignment: str = "softmax") -> list[Report]:
    """Students of different strength, three tasks, eleven checks of different weight, one of them skipped for some."""
    draw = random.Random(seed)
    names = [*STUDENTS, *(f"student-{number:04}" for number in range(students))][:students]
    made = []
    for name in names:
        strength = draw.random()
        tasks = []
        for place, amount in enumerate((4, 5, 2)):
            checks = [
                check(
                    Outcome.PASSED if draw.random() < strength else draw.choice(ANSWERED[1:]),
                    f"check {number}",
                    weight=float(draw.randint(1, 3)) if number else 0.0,
                    visible=not number,
                )
                for number in range(amount)
            ]
            if place == 1 and draw.random() < 0.3:
                checks[-1] = check(Outcome.SKIPPED, checks[-1].name, checks[-1].weight)
            tasks.append(task(f"task-{place}", *checks, points=float(3 + place)))
        execution = Execution(draw.lognormvariate(0, 1), 9, (), False, draw.randint(10, 90), "full")
        made.append(report(name, *tasks, assignment=assignment, execution=execution))
    return made


def withheld(student: str, reason: str = "WorkerError: it went away") -> Report:
    return report(student, status=Status.GRADER_ERROR, reason=reason)


def not_gradable(student: str, reason: str = "The file cannot be read.") -> Report:
    return report(student, status=Status.NOT_GRADABLE, reason=reason, execution=Execution())


def data_of(reports: list[Report], course: Course) -> Figures:
    return figures(class_results(course.assignments[1], reports, [], STUDENTS))


def page_of(reports: list[Report], course: Course, **options: Any) -> str:
    data = data_of(reports, course)
    return class_page(data, class_plots(data), course_title=course.title, anonymous=False, **options)


def course_page_of(reports: list[Report], course: Course) -> str:
    results = [class_results(one, reports, [], STUDENTS) for one in course.assignments]
    standing = standings(course, results)
    drawn = course_plots(results, standing)
    return course_page(course, results, standing, drawn, pages=["softmax"], anonymous=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with results of softmax and sampling, and with ada's notebook for tokenization, which nobody has graded."""
    shutil.copy(ROOT / courses.CONFIG, tmp_path)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for seed, name in enumerate(("softmax", "sampling")):
        for one in a_class(12 - seed, seed, name):
            keep(tmp_path, one)
    (tmp_path / "submitted" / "ada" / "tokenization").mkdir(parents=True)
    return tmp_path


def keep(folder: Path, one: Report) -> None:
    path = journal.path_of(Course("c", "A course", (), root=folder), one.assignment, one.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([one.to_json()]), encoding="utf-8")


def reported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["report", *words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err
