"""The report on a class: its numbers, its pages, and that it keeps names to itself when asked to."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import random
import re
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from contrast import PALE
from playwright.sync_api import Browser, Page
from scipy import stats

from autograder import cli, journal
from autograder import course as courses
from autograder.model import (
    Assignment,
    CheckResult,
    Course,
    Execution,
    Fingerprint,
    Late,
    Outcome,
    Report,
    Status,
    TaskScore,
    task_score,
)
from autograder.notebook.timestamp import written
from autograder.report import plots, svg
from autograder.report.class_figures import Figures, class_plots, figures
from autograder.report.class_page import class_page
from autograder.report.course_page import course_page, course_plots
from autograder.report.mistakes import mistakes, normalised, remarks
from autograder.report.pseudonyms import SOMEBODY, Pseudonyms, load_key
from autograder.report.standing import class_results, standings
from autograder.report.statistics import check_items, correlation, histogram, summary, task_items

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
    return TaskScore(name, f"The task {name}", points, task_score(points, checks), checks)


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


SMALL_CLASSES: dict[str, list[Report]] = {
    "nobody": [],
    "one": a_class(1),
    "two": a_class(2),
    "all the same": [dataclasses.replace(a_class(1)[0], student=name) for name in STUDENTS],
    "all without an answer": [report(name, task("t", check(Outcome.NOT_ATTEMPTED))) for name in STUDENTS],
    "all withheld": [withheld(name) for name in STUDENTS],
    "all not gradable": [not_gradable(name) for name in STUDENTS],
    "only skipped": [report(name, task("t", check(Outcome.SKIPPED))) for name in STUDENTS],
    "without points": [report(name, task("t", check(Outcome.PASSED), points=0.0), max_score=0.0) for name in STUDENTS],
}

# ── numbers ───────────────────────────────────────────────────────────────────────────────────────

HAND = [  # shares of task a: 1, ½, 0, 0; points of task b: 2, 2, 2, 0
    report("ada", task("a", check(Outcome.PASSED, "x"), check(Outcome.PASSED, "y")), task("b", check(Outcome.PASSED, "z"))),
    report("alan", task("a", check(Outcome.PASSED, "x"), check(Outcome.FAILED, "y")), task("b", check(Outcome.PASSED, "z"))),
    report("grace", task("a", check(Outcome.FAILED, "x"), check(Outcome.BANNED, "y")), task("b", check(Outcome.PASSED, "z"))),
    report("ken", task("a", *[check(Outcome.NOT_ATTEMPTED, name) for name in "xy"]), task("b", check(Outcome.FAILED, "z"))),
]  # fmt: skip


def test_tasks_by_hand() -> None:
    a, b = task_items(HAND, minimum=4)

    assert (a.number, a.task, a.judged, a.difficulty) == ("1", "a", 4, 0.375)
    assert (b.number, b.task, b.judged, b.difficulty) == ("2", "b", 4, 0.75)
    # Deviations of a: 0.625, 0.125, -0.375, -0.375; of what b gave: 0.5, 0.5, 0.5, -1.5.  Products add up to 0.75, squares to 0.6875 and 3.
    assert a.discrimination == pytest.approx(0.75 / (0.6875 * 3) ** 0.5)


def test_checks_by_hand() -> None:
    x, y, z = check_items(HAND, minimum=4)

    assert [one.number for one in (x, y, z)] == ["1.1", "1.2", "2.1"]
    assert [one.difficulty for one in (x, y, z)] == [0.5, 0.25, 0.75]
    assert [one.points for one in (x, y, z)] == [1.0, 1.0, 2.0]
    # x: 1, 1, 0, 0.  Without its point there are 3, 2, 2, 0: deviations 1.25, 0.25, 0.25, -1.75; products 1.5, squares 1 and 4.75.
    assert x.discrimination == pytest.approx(1.5 / 4.75**0.5)
    assert y.outcomes == {Outcome.PASSED: 1, Outcome.FAILED: 1, Outcome.BANNED: 1, Outcome.NOT_ATTEMPTED: 1}
    assert y.tried == 3


@pytest.mark.parametrize("seed", range(4))
def test_items_agree_with_pandas_and_scipy(seed: int) -> None:
    reports = a_class(80, seed)
    earned = pd.DataFrame([{t.id: _exact(t) for t in r.tasks} for r in reports])
    total = earned.sum(axis=1)

    for item in task_items(reports):
        assert item.difficulty == pytest.approx((earned[item.task] / item.points).mean())
        assert item.discrimination == pytest.approx(earned[item.task].corr(total - earned[item.task]))
    for item in check_items(reports):
        rows = [_passed_and_rest(r, item.task, item.title) for r in reports]
        table = pd.DataFrame([row for row in rows if row is not None], columns=["passed", "rest"])
        assert item.judged == len(table)
        assert item.difficulty == pytest.approx(table.passed.mean())
        assert item.discrimination == pytest.approx(stats.pearsonr(table.passed, table.rest).statistic)
        assert sum(item.outcomes.values()) == len(reports)


def _exact(task: TaskScore) -> float:
    counted = [one for one in task.checks if one.outcome is not Outcome.SKIPPED]
    return (
        task.points
        * sum(one.weight for one in counted if one.outcome is Outcome.PASSED)
        / sum(one.weight for one in counted)
    )


def _passed_and_rest(report: Report, task: str, name: str) -> tuple[float, float] | None:
    """Whether a report's check passed, and the points of everything but it: the task with this check failed instead."""
    own = next(one for one in report.tasks if one.id == task)
    found = next(one for one in own.checks if one.name == name)
    if found.outcome is Outcome.SKIPPED:
        return None
    failed = tuple(dataclasses.replace(one, outcome=Outcome.FAILED) if one is found else one for one in own.checks)
    others = sum(_exact(one) for one in report.tasks if one is not own)
    return float(found.outcome is Outcome.PASSED), others + _exact(dataclasses.replace(own, checks=failed))


@pytest.mark.parametrize("size", [1, 2, 3, 10, 101])
def test_a_summary_is_numpys(size: int) -> None:
    values = list(np.random.default_rng(size).exponential(3, size))
    found = summary(values)

    assert found is not None
    lower, median, upper = np.percentile(values, [25, 50, 75])
    assert (found.n, found.least, found.most) == (size, min(values), max(values))
    assert found.mean == pytest.approx(np.mean(values))
    assert (found.lower, found.median, found.upper) == pytest.approx((lower, median, upper))
    assert found.sd == (None if size == 1 else pytest.approx(np.std(values, ddof=1)))
    assert summary([]) is None


def test_a_histogram_is_numpys() -> None:
    values = [0.0, 20.0, 19.0, *np.random.default_rng(5).uniform(0, 20, 500)]
    edges = svg.edges(20, 20)

    assert edges == list(range(21))
    assert list(histogram(values, edges)) == list(np.histogram(values, edges)[0])
    assert histogram([-1, 25], edges)[0] == histogram([-1, 25], edges)[-1] == 1, "outside goes to the outermost"


def test_a_correlation_needs_numbers_that_vary() -> None:
    some = [0.0, 1.0, None, 3.0]

    assert correlation(some, [0.0, 2.0, 5.0, 6.0], minimum=3) == pytest.approx(1)
    assert correlation(some, [0.0, 2.0, 5.0, 6.0], minimum=4) is None, "only three pairs"
    assert correlation(some, [1.0, 1.0, 7.0, 1.0], minimum=3) is None, "one side does not vary"
    assert correlation([], []) is None


def test_a_rounded_score_is_no_difference_between_students() -> None:
    # All have two of three checks of task a, which is 1.33 of 2 points, rounded; task b's r must not see the rounding.
    def of(number: int) -> Report:
        passed = [Outcome.PASSED, Outcome.PASSED, Outcome.FAILED]
        checks = [
            check(outcome, f"c{place}") for place, outcome in enumerate(passed[number % 3 :] + passed[: number % 3])
        ]
        return report(f"s{number}", task("a", *checks), task("b", check(ANSWERED[number % 2])))

    _, b = task_items([of(number) for number in range(12)])
    assert b.discrimination is None


def test_only_graded_notebooks_count() -> None:
    others = [withheld("x"), not_gradable("y")]

    assert task_items([*HAND, *others]) == task_items(HAND)
    assert check_items([*HAND, *others]) == check_items(HAND)


def test_what_nobody_and_what_everybody_fails() -> None:
    reports = [
        report(
            name, task("t", check(Outcome.PASSED, "easy"), check(Outcome.FAILED, "hard"), check(Outcome.SKIPPED, "gpu"))
        )
        for name in STUDENTS
    ]
    reports.append(report("zoe", task("t", *[check(Outcome.NOT_ATTEMPTED, name) for name in ("easy", "hard", "gpu")])))
    easy, hard, gpu = check_items(reports)

    assert (easy.nobody_fails, easy.everybody_fails) == (True, False), "who does not answer does not fail"
    assert (hard.nobody_fails, hard.everybody_fails) == (False, True)
    assert (gpu.nobody_fails, gpu.everybody_fails, gpu.judged) == (False, False, 1)


# ── figures ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def a_dozen() -> list[Report]:
    """Twelve that are graded, with every time and every size of its own, and two that are not."""
    return [*a_class(12), not_gradable("zac"), withheld("zoe")]


def data_of(reports: list[Report], course: Course) -> Figures:
    return figures(class_results(course.assignments[1], reports, [], STUDENTS))


def bars(svg: str) -> list[tuple[int, float, float]]:
    """What the bars of a histogram say of themselves: how many, from, to."""
    told = [str(title.get_text()) for title in BeautifulSoup(svg, "html.parser").select("rect.bar > title")]
    found = [re.search(r"(\d+) from (\S+) to (\S+?)(?: %)?$", words) for words in told]
    return [(int(one[1]), float(one[2]), float(one[3])) for one in found if one]


def assert_bars_are_numpys(svg: str, values: np.ndarray[Any, Any]) -> None:
    """Everybody is in one bar, and each bar has as many as numpy counts between its edges."""
    found = bars(svg)

    assert sum(count for count, _, _ in found) == len(values)
    for count, low, high in found:
        within = (values >= low) & ((values < high) if (low, high) != found[-1][1:] else (values <= high))
        assert count == np.count_nonzero(within), (low, high)


def test_the_summaries_of_a_class_are_numpys(course: Course, a_dozen: list[Report]) -> None:
    data = data_of(a_dozen, course)
    judged = a_dozen[:12]
    expected: dict[str, list[float]] = {
        "scores": [one.score for one in judged],
        "seconds": [one.execution.seconds for one in judged],
        "memory_mb": [one.execution.peak_memory_mb for one in judged],
    }

    for name, values in expected.items():
        found = getattr(data, name)
        assert found.n == 12
        assert (found.mean, found.sd) == pytest.approx((np.mean(values), np.std(values, ddof=1))), name
        quartiles = (found.least, found.lower, found.median, found.upper, found.most)
        assert quartiles == pytest.approx(np.percentile(values, [0, 25, 50, 75, 100])), name


def test_the_histograms_of_a_class_are_numpys(course: Course, a_dozen: list[Report]) -> None:
    drawn = class_plots(data_of(a_dozen, course))
    judged = a_dozen[:12]

    assert_bars_are_numpys(drawn["scores"].svg, np.array([one.score for one in judged]))
    assert_bars_are_numpys(drawn["time"].svg, np.array([one.execution.seconds for one in judged]))
    assert_bars_are_numpys(drawn["memory"].svg, np.array([one.execution.peak_memory_mb for one in judged]))


def test_the_tables_behind_the_figures_of_a_class_are_its_results(course: Course, a_dozen: list[Report]) -> None:
    drawn = class_plots(data_of(a_dozen, course))
    judged = a_dozen[:12]

    assert [tuple(row) for row in drawn["scores"].rows] == [
        (one.student, one.status.value, one.score, one.max_score) for one in a_dozen
    ]
    assert [tuple(row) for row in drawn["time"].rows] == [(one.student, one.execution.seconds) for one in judged]
    assert [tuple(row) for row in drawn["memory"].rows] == [
        (one.student, one.execution.peak_memory_mb) for one in judged
    ]


def test_the_course_so_far_is_numpys(a_dozen: list[Report]) -> None:
    others = a_class(12, seed=2, assignment="sampling")
    plot = plots.progress([("softmax", a_dozen), ("nobody", []), ("sampling", others)])
    percents = {
        name: np.array([100 * one.score / one.max_score for one in reports])
        for name, reports in (("softmax", a_dozen[:12]), ("sampling", others))
    }

    assert [(row[0], row[1]) for row in plot.rows] == [
        (name, one.student) for name, reports in (("softmax", a_dozen[:12]), ("sampling", others)) for one in reports
    ]
    assert [float(str(row[2])) for row in plot.rows] == pytest.approx(np.concatenate(list(percents.values())), abs=1e-3)
    for name, values in percents.items():
        assert f"{name} {np.median(values):.0f} %" in plot.caption
        counts, low = np.histogram(values, np.arange(0, 101, 5))
        rows = re.findall(rf"<title>{name}: (\d+) from (\d+) to (\d+) %</title>", plot.svg)
        assert [(int(count), int(left), int(right)) for count, left, right in rows] == [
            (count, left, left + 5) for count, left in zip(counts, low, strict=False) if count
        ]
    assert "nobody" not in plot.svg


# ── mistakes ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f([0.1, 2], 0.71) gave [1, -inf], not [1, 2]", "f([[3]], 1) gave [[4]], not [[5, 6], [7, 8]]"),
        ("f('a (b', (1, 2)) gave 3, not 4", "f('c', (3,)) gave -2.5e-07, not 1"),
        ("f(1) raised ValueError: k is 3 (line 4: `raise ValueError(k)`)", "f(2) raised ValueError: k is 7 (line 12: `boom()`)"),
        ("f(<tokenizer>, 'x) gave", "f(<model>, 'it is') gave"),
        ("f(a tensor of shape (3, …, 5…) gave float32, not float64", "f(7) gave float32, not float64"),
    ],
)  # fmt: skip
def test_the_same_mistake_with_other_inputs_is_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(1) gave float32, not float64", "f(1) gave float64, not float32"),
        ("f(1) raised ValueError: k", "f(1) raised KeyError: k"),
        ("f(1) changed its arguments in place", "f(1) gave 3, not 4"),
        ("f(1) gave a tensor of shape (1, 384), not (384,)", "f(1) gave a tensor of shape (384,), not (1, 384)"),
        ("", "f(1) gave 3"),
    ],
)  # fmt: skip
def test_another_mistake_is_another(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_mistakes_are_counted_by_student_and_show_the_smallest_counterexample() -> None:
    reports = [
        report("ada", task("t", check(Outcome.FAILED, "x", message="f([1, 2, 3]) gave [4, 5], not [6]"), check(Outcome.FAILED, "y"))),
        report("alan", task("t", check(Outcome.FAILED, "x", message="f([1]) gave [4], not [6]", hint="Look."), check(Outcome.PASSED, "y"))),
        report("ken", task("t", check(Outcome.NOT_ATTEMPTED, "x"), check(Outcome.SKIPPED, "y"))),
    ]  # fmt: skip
    first, second = mistakes(reports)

    assert (first.checks, first.students, first.message) == (("x",), ("ada", "alan"), "f([1]) gave [4], not [6]")
    assert first.hint == "Look."
    assert (second.checks, second.students) == (("y",), ("ada",))


def test_checks_that_tell_the_same_students_the_same_are_one_mistake() -> None:
    said = "`torch.softmax` was used."
    reports = [
        report(name, task("t", *[check(Outcome.BANNED, c, message=said) for c in "xy"]), task("u", check(Outcome.BANNED, "x", message=said)))
        for name in ("ada", "alan")
    ]  # fmt: skip

    assert [(one.task, one.checks, one.students) for one in mistakes(reports)] == [
        ("t", ("x", "y"), ("ada", "alan")), ("u", ("x",), ("ada", "alan")),
    ]  # fmt: skip


def test_remarks_are_counted_by_student() -> None:
    found = remarks([("ada", ["evil", "evil"]), ("ken", ["odd", "evil"])])

    assert [(one.text, one.students) for one in found] == [("evil", ("ada", "ken")), ("odd", ("ken",))]


# ── standing ──────────────────────────────────────────────────────────────────────────────────────

SMALL_COURSE = Course(
    "c", "A course",
    (Assignment("one", "One", due=datetime(2027, 1, 1, tzinfo=UTC)), Assignment("two", "Two"), Assignment("extra", "More", bonus=True)),
    late=Late(percent_per_day=10),
)  # fmt: skip
FULL, HALF = task("t", check(Outcome.PASSED)), task("t", check(Outcome.PASSED, "a"), check(Outcome.FAILED, "b"))


def test_totals_go_over_100_percent_with_a_bonus_and_nothing_counts_nothing() -> None:
    everyone = ["ada", "alan", "ken", "mia", "tim"]
    results = [
        class_results(SMALL_COURSE.assignments[0], [report("ada", FULL), report("alan", HALF), report("ken", FULL)], ["mia"], everyone),
        class_results(SMALL_COURSE.assignments[1], [report("ada", FULL), dataclasses.replace(withheld("ken"), max_score=2.0)], [], everyone),
        class_results(SMALL_COURSE.assignments[2], [report("ada", FULL)], [], everyone),
    ]  # fmt: skip
    ada, alan, ken, mia, tim = standings(SMALL_COURSE, results)

    assert ada.total is not None
    assert (ada.total.points, ada.total.percent, ada.total.bonus) == (6.0, 150.0, 2.0)
    assert alan.total is not None
    assert (alan.total.points, set(alan.marks)) == (1.0, {"one"})
    assert ken.total is None, "a grade is withheld"
    assert mia.total is not None
    assert mia.total.out_of == 2.0, "what waits for its grade is left out"
    assert tim.total is not None
    assert (tim.total.points, tim.total.out_of, tim.marks) == (0.0, 4.0, {})
    assert results[0].waiting == ("mia",)
    assert results[1].missing == ("alan", "mia", "tim")


def test_late_work_costs_what_the_course_says(tmp_path: Path) -> None:
    """Wherever the course was when the work was graded."""
    folder = tmp_path / "submitted" / "ada" / "one"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(written(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=30)))
    late = report("ada", FULL, notebook="/where/it/was/graded/one.ipynb")
    course = dataclasses.replace(SMALL_COURSE, root=tmp_path)
    (ada,) = standings(course, [class_results(course.assignments[0], [late], [], [])])

    assert (ada.marks["one"].score, ada.marks["one"].penalty, ada.marks["one"].counted) == (2.0, 0.4, 1.6)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


def page_of(reports: list[Report], course: Course, **options: Any) -> str:
    data = figures(class_results(course.assignments[1], reports, [], STUDENTS))
    return class_page(data, class_plots(data), course_title=course.title, anonymous=False, **options)


def course_page_of(reports: list[Report], course: Course) -> str:
    results = [class_results(one, reports, [], STUDENTS) for one in course.assignments]
    standing = standings(course, results)
    drawn = course_plots(results, standing)
    return course_page(course, results, standing, drawn, pages=["softmax"], anonymous=False)


@pytest.mark.parametrize("reports", SMALL_CLASSES.values(), ids=SMALL_CLASSES.keys())
@pytest.mark.parametrize("make", [page_of, course_page_of])
def test_a_class_without_figures_says_why(course: Course, reports: list[Report], make: Any) -> None:
    soup = BeautifulSoup(make(reports, course), "html.parser")
    text = soup.get_text(" ")

    assert not re.search(r"\b(?:nan|inf|None)\b", str(soup.main) + str(soup.header))
    for figure in soup.select("figure"):
        assert figure.svg or "No figure: " in figure.figcaption.get_text()  # type: ignore[union-attr]
    if not any(one.status is Status.GRADED for one in reports):
        assert not soup.select("figure svg") or make is course_page_of
        assert "No figure: nobody has been graded." in text
    if len(reports) < 10:
        assert "from 10" in text or "No correlations" in text or "nobody has been graded" in text


def test_a_page_says_what_there_is(course: Course) -> None:
    reports = [
        *a_class(30),
        withheld("zoe"),
        *(not_gradable(name, "Half of it is missing.") for name in ("zac", "zed")),
    ]
    reports[0] = dataclasses.replace(reports[0], flags=("It reads a file.",), repairs=("A cell was put back.",))
    soup = BeautifulSoup(page_of(reports, course), "html.parser")
    ids = [section["id"] for section in soup.select("main > section")]

    assert ids == ["attention", "figures", "tasks", "mistakes", "checks", "students", "remarks", "missing"]
    assert "33 notebooks handed in, 30 graded, 2 not gradable, 1 withheld" in soup.header.get_text()  # type: ignore[union-attr]
    assert table(soup, "ungraded") == [
        ["withheld", "WorkerError: it went away", "1", "zoe"],
        ["not gradable, 0 points", "Half of it is missing.", "2", "zac; zed"],
    ]
    assert len(soup.select("figure svg")) == 6
    assert [row[0] for row in table(soup, "task-table")] == ["1 task-0", "2 task-1", "3 task-2"]
    assert len(table(soup, "check-table")) == 11
    assert len(table(soup, "student-table")) == 33
    assert table(soup, "flags") == [["It reads a file.", "1whoada"]]
    assert table(soup, "repairs") == [["A cell was put back.", "1whoada"]]


def table(soup: BeautifulSoup, name: str) -> list[list[str]]:
    return [[cell.get_text() for cell in row.select("th, td")] for row in soup.select(f"#{name} tbody tr")]


def test_every_figure_has_words_and_a_table_behind_it(course: Course) -> None:
    for page in (page_of(a_class(30), course), course_page_of(a_class(30), course)):
        soup = BeautifulSoup(page, "html.parser")
        for figure in soup.select("figure"):
            drawing = figure.svg
            assert drawing is not None
            named = [soup.find(id=name) for name in str(drawing["aria-labelledby"]).split()]
            assert all(element is not None and element.get_text() for element in named)
            assert figure.select("figcaption a[href^='data/'][href$='.csv']")
        for bar in soup.select("td svg"):
            assert re.match(r"\d+ ", str(bar["aria-label"]))
        identifiers = [element["id"] for element in soup.select("[id]")]
        assert len(identifiers) == len(set(identifiers))


HOSTILE = "<img src=https://collect.example/x onerror=alert(1)></td></svg><script>alert(1)</script>"


def test_hostile_text_is_text(course: Course) -> None:
    checks = [check(Outcome.FAILED, HOSTILE, message=HOSTILE, hint=HOSTILE), check(Outcome.PASSED, "b")]
    tasks = [TaskScore(HOSTILE, HOSTILE, 2.0, 1.0, tuple(checks))]
    reports = [report(f"{HOSTILE}{n}", *tasks, flags=(HOSTILE,), repairs=(HOSTILE,)) for n in range(12)]
    reports += [not_gradable(f"{HOSTILE}x", HOSTILE)]
    everyone = [*(one.student for one in reports), f"{HOSTILE}y"]
    data = figures(class_results(course.assignments[1], reports, [f"{HOSTILE}w"], everyone))
    page = class_page(data, class_plots(data), course_title=course.title, anonymous=False)

    for html in (page, course_page_of(reports, course)):
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.select("img, iframe, object, link, form, base, [onerror], [style]")
        assert len(soup.select("script")) == 1
        assert HOSTILE in soup.get_text()


def test_a_page_allows_its_own_script_and_style_and_asks_for_nothing(course: Course) -> None:
    for page in (page_of(a_class(12), course), course_page_of(a_class(12), course)):
        soup = BeautifulSoup(page, "html.parser")
        policy = str(soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"])  # type: ignore[index]

        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        for tag in ("script", "style"):
            (element,) = soup.select(tag)
            digest = re.search(rf"{tag}-src 'sha256-([^']+)'", policy)
            assert digest
            assert digest[1] == _sha256(element.get_text())
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//|url\(|@import", page)
        assert not soup.select("[style], [onclick]")


def _sha256(text: str) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# ── the command ───────────────────────────────────────────────────────────────────────────────────


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
    path = journal.path_of(dataclasses.replace(SMALL_COURSE, root=folder), one.assignment, one.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([one.to_json()]), encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["report", *words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_the_report_is_written_and_said_where(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys)
    pages = {path.name for path in (place / "report").glob("*.html")}
    links = [
        str(link["href"])
        for page in pages
        for link in BeautifulSoup((place / "report" / page).read_text(), "html.parser").select("a[href]")
    ]

    assert (code, err) == (0, "")
    assert "report/index.html" in out
    assert pages == {
        "index.html",
        *(f"{name}.html" for name in ("tokenization", "softmax", "sampling", "sentiment", "diffusion")),
    }
    assert [link for link in links if not link.startswith("#") and not (place / "report" / link).exists()] == []
    assert {path.name.split("-")[0] for path in (place / "report" / "data").iterdir()} >= {
        "course",
        "softmax",
        "sampling",
    }


def test_the_data_agree_with_the_page(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "softmax", "--json", "-")
    data = json.loads(out)
    (softmax,) = data["assignments"]
    rows = list(csv.DictReader(io.StringIO((place / "report/data/softmax-items.csv").read_text())))

    assert code == 0
    assert (data["schema"], data["anonymous"], softmax["assignment"]) == (1, False, "softmax")
    assert softmax["status"] == {"graded": 12, "not_gradable": 0, "grader_error": 0}
    assert [float(row["difficulty"]) for row in rows] == pytest.approx(
        [one["difficulty"] for one in (*softmax["tasks"], *softmax["checks"])], abs=0.006
    )
    assert {one["student"] for one in data["students"]} == set(STUDENTS)
    assert (place / "report/index.html").exists()
    assert not (place / "report/sampling.html").exists()


def test_the_csv_files_hold_the_results_of_the_class(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    reports = {"softmax": a_class(12, 0, "softmax"), "sampling": a_class(11, 1, "sampling")}

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(place / "report" / "data" / f"{name}.csv")

    for name, them in reports.items():
        ordered = sorted(them, key=lambda one: one.student)
        scores = read(f"{name}-scores").sort_values("student")
        assert list(scores.student) == [one.student for one in ordered]
        assert scores.score.to_numpy() == pytest.approx(np.array([one.score for one in ordered]))
        assert scores.max_score.to_numpy() == pytest.approx(np.array([one.max_score for one in ordered]))
        seconds = read(f"{name}-time").sort_values("student").seconds.to_numpy()
        assert seconds == pytest.approx(np.array([one.execution.seconds for one in ordered]), abs=0.00501)  # as kept
        memory = read(f"{name}-memory").sort_values("student").peak_memory_mb.to_numpy()
        assert list(memory) == [one.execution.peak_memory_mb for one in ordered]
    progress = read("course-progress").sort_values(["assignment", "student"])
    expected = sorted((name, one.student, 100 * one.score / one.max_score) for name in reports for one in reports[name])
    assert [tuple(row) for row in progress[["assignment", "student"]].to_numpy()] == [row[:2] for row in expected]
    assert progress.percent.to_numpy() == pytest.approx(np.array([row[2] for row in expected]), abs=1e-3)


def test_a_feedback_page_is_linked_where_there_is_one(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = place / "feedback" / "ada" / "softmax" / "softmax.html"
    page.parent.mkdir(parents=True)
    page.touch()
    said(capsys)
    soup = BeautifulSoup((place / "report/softmax.html").read_text(), "html.parser")

    assert [link["href"] for link in soup.select("#student-table tbody a")] == ["../feedback/ada/softmax/softmax.html"]


@pytest.mark.parametrize("listed", [True, False])
def test_who_has_handed_in_nothing(place: Path, capsys: pytest.CaptureFixture[str], listed: bool) -> None:
    if listed:
        (place / "roster.csv").write_text("id,name\nada,Ada Lovelace\nradia,Radia Perlman\nzoe,Zoe Zimmer\n")
    said(capsys)

    def missing(assignment: str) -> list[str]:
        soup = BeautifulSoup((place / f"report/{assignment}.html").read_text(), "html.parser")
        return [item.get_text() for item in soup.select("#missing li")]

    assert missing("softmax") == (["zoe"] if listed else [])
    assert missing("sampling") == (["radia", "zoe"] if listed else ["radia"])
    assert missing("tokenization") == (["radia", "zoe"] if listed else [name for name in STUDENTS if name != "ada"])


def test_no_spreadsheet_runs_a_cell(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(place, report("=1+1", task("t", check(Outcome.FAILED, "=cmd", message="@SUM(1)"))))
    said(capsys)
    cells = [
        cell
        for path in (place / "report" / "data").iterdir()
        for row in csv.reader(io.StringIO(path.read_text()))
        for cell in row
    ]

    assert "'=1+1" in cells
    assert "'@SUM(1)" in cells
    assert [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)] == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["sentiment"], "autograder grade sentiment"),
        (["--json", "nowhere/out.json"], "nowhere"),
    ],
)
def test_what_cannot_be_reported_is_a_usage_error(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    code, _, err = said(capsys, *words)

    assert code == 2
    assert named in err
    assert not (place / "report").exists()


def test_a_broken_result_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "results/softmax/ken.json").write_text("[{")
    code, _, err = said(capsys)

    assert code == 4
    assert "ken.json" in err
    assert "autograder grade softmax --force" in err


# ── pseudonyms ────────────────────────────────────────────────────────────────────────────────────


def everything(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nobody_is_named_anywhere(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "roster.csv").write_text(
        "id,name,email\nada,Ada Lovelace,lady@ockham.example\nzoe,Zoë Zimmer,z@z.example\n"
    )
    told = "f('ada') gave 'LADY@ockham.example', not 'Lovelace' at /x/feedback/ken.t and submitted/7/x"
    keep(
        place,
        report(
            "ada", task("t", check(Outcome.FAILED, message=told)), flags=("The same file as hedy's.",),
            repairs=("In submitted/ada/softmax/softmax.ipynb",), fingerprint=Fingerprint("sha256:c0ffee"),
        ),
    )  # fmt: skip
    keep(place, not_gradable("grace", "/x/submitted/grace/softmax is a link to linus"))
    keep(place, withheld("ken", "OSError: /tmp/ken/x"))
    code, out, _ = said(capsys, "--anonymous", "--json", "-")
    words = {word.casefold() for word in re.findall(r"\w+", everything(place / "report") + out)}

    assert code == 0
    assert words & {*STUDENTS, "zoe", "zoë", "lovelace", "zimmer", "lady", "ockham", "c0ffee"} == set()
    assert SOMEBODY in out
    assert json.loads(out)["anonymous"]


def test_pseudonyms_stay_and_are_sorted_by_themselves(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (json.loads(said(capsys, "--anonymous", "--json", "-")[1]) for _ in range(2))
    names = [one["student"] for one in first["students"]]
    key = place / ".autograder" / "pseudonyms.key"

    assert first == second
    assert len(set(names)) == len(STUDENTS)
    assert names == sorted(names)
    assert names != [Pseudonyms(load_key(key), STUDENTS).of(student) for student in sorted(STUDENTS)]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    assert not set(names) & {
        one["student"] for one in json.loads(said(capsys, "--anonymous", "--json", "-")[1])["students"]
    }


def test_an_anonymous_report_leaves_no_page_with_names_beside_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys)
    (place / "report" / "notes.html").write_text("my own")
    assert "ada" in everything(place / "report")
    said(capsys, "softmax", "--anonymous")

    assert not re.search(r"\bada\b", everything(place / "report"))
    assert {path.name for path in (place / "report").glob("*.html")} == {"index.html", "softmax.html", "notes.html"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Max is max of 7", f"{SOMEBODY} is {SOMEBODY} of 7"),  # never a pseudonym, which `max` would give away
        ("softmax(maximum) gave 7, not 12", "softmax(maximum) gave 7, not 12"),
        ("of a.b-c@uni and of 123456.", f"of {SOMEBODY} and of {SOMEBODY}."),
        ("results/max.json and /home/jovyan/x", f"results/{SOMEBODY} and /home/{SOMEBODY}/x"),
        ("", ""),
    ],
)
def test_names_in_texts_become_one_word(text: str, left: str) -> None:
    assert Pseudonyms(b"key", ["max", "7", "a.b-c@uni", "123456"]).text(text) == left


def test_a_pseudonym_needs_the_key() -> None:
    assert Pseudonyms(b"one", ["ada"]).of("ada") != Pseudonyms(b"two", ["ada"]).of("ada")
    assert re.fullmatch(r"s-[a-z2-7]{8}", Pseudonyms(b"one", []).of("ada"))


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def written_pages(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    reports = [*a_class(40), withheld("zoe"), not_gradable("zac")]
    pages = {"class": page_of(reports, course), "course": course_page_of(reports, course)}
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def opened(browser: Browser, path: Path, width: int, scheme: Any = "light") -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri(), wait_until="networkidle")
    return page, heard


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["class", "course"])
def test_a_page_fits_can_be_read_and_is_quiet(
    written_pages: dict[str, Path], browser: Browser, name: str, width: int, scheme: str
) -> None:
    page, heard = opened(browser, written_pages[name], width, scheme)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "one would have to scroll sideways"
    assert page.evaluate(PALE) == []
    assert heard == []
    page.context.close()


@pytest.mark.needs("chromium")
def test_a_click_sorts_and_another_turns_it_round(written_pages: dict[str, Path], browser: Browser) -> None:
    page, heard = opened(browser, written_pages["class"], 1280)
    head = page.locator("#student-table thead th", has_text="score")

    def column(number: int) -> list[str]:
        cells = page.locator(f"#student-table tbody tr > :nth-child({number})").all_inner_texts()
        return [cell.strip() for cell in cells]

    names = column(1)
    head.locator("button").click()
    upwards = column(2)
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(cell) for cell in upwards[:-2]] == sorted(float(cell) for cell in upwards[:-2])
    assert sorted(upwards[-2:]) == ["not gradable", "withheld"], "what has no value stays at the end"
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(2)[:-2] == sorted(upwards[:-2], key=float, reverse=True)
    assert sorted(column(2)[-2:]) == ["not gradable", "withheld"]
    page.locator("#student-table thead th", has_text="student").locator("button").click()
    assert column(1) == sorted(names)
    assert page.locator("#student-table [aria-sort]").count() == 1
    assert heard == []
    page.context.close()


@pytest.mark.needs("chromium")
def test_the_policy_stops_a_script_that_is_not_ours(
    written_pages: dict[str, Path], browser: Browser, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(written_pages["class"].read_text().replace("</main>", "<script>window.ran = 1</script></main>"))
    page, heard = opened(browser, spoilt, 1280)

    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in line for line in heard)
    page.context.close()


def test_names_that_can_be_read_only_once_are_hidden_too() -> None:
    hidden = Pseudonyms(b"k" * 32, ["ada"], (name for name in ("Ada Lovelace", "lady@ockham.example")))
    assert hidden.text("Lovelace wrote from lady@ockham.example") == f"{SOMEBODY} wrote from {SOMEBODY}"
