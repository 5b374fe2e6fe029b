"""The numbers of a report: tasks and checks by difficulty and discrimination, summaries, histograms and correlations."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sample_class import ANSWERED, STUDENTS, a_class, check, not_gradable, report, task, withheld
from scipy import stats

from autograder.model import Outcome, Report, TaskScore
from autograder.report import svg
from autograder.report.statistics import check_items, correlation, histogram, summary, task_items

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
