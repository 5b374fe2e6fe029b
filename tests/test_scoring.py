"""From checks to points and causes."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.model import CheckResult, Kind, Outcome, TaskScore
from autograder.scoring import scored

VALUES, NOTHING, RAISED = Kind.VALUES, Kind.RETURNED_NOTHING, Kind.RAISED


def passed(name: str, weight: float = 1.0, **more: Any) -> CheckResult:
    return CheckResult(name, Outcome.PASSED, weight, **more)


def failed(name: str, kind: Kind = VALUES, weight: float = 1.0, **more: Any) -> CheckResult:
    more = {"message": f"about {name}", "hint": f"hint of {name}", "detail": name, **more}
    return CheckResult(name, Outcome.FAILED, weight, kind=kind, **more)


def task(*checks: CheckResult, form: float = 0.25, points: float = 4.0) -> TaskScore:
    return scored(TaskScore("t", "T", points, 0.0, checks), form)


@pytest.mark.parametrize(
    ("checks", "score"),
    [
        ((passed("a"), passed("b")), 4.0),
        ((passed("a"), failed("b")), 2.0),
        ((passed("a", 3.0), failed("b")), 3.0),
        ((passed("a", 3.0), failed("b", heart=True)), 2.0),
        ((passed("a"), failed("b", weight=3.0, heart=True)), 1.0),
        ((passed("a", form="f"), passed("b", form="f")), 3.0),
        ((passed("a", 9.0), passed("b", form="f")), 3.6),
        ((passed("a", form="f"), failed("b")), 1.0),
        ((failed("a"), failed("b")), 0.0),
        ((passed("a"), CheckResult("b", Outcome.SKIPPED)), 4.0),
        ((CheckResult("b", Outcome.SKIPPED),), 0.0),
        ((passed("a", form="f"), failed("b", weight=9.0)), 0.0),
    ],
)
def test_points(checks: tuple[CheckResult, ...], score: float) -> None:
    made = task(*checks)
    assert made.score == score
    if any(check.outcome is not Outcome.SKIPPED for check in checks):
        assert sum(cause.cost for cause in made.causes) == pytest.approx(4.0 - score)


def test_the_author_sets_the_charge_for_the_form() -> None:
    assert task(passed("a", form="f"), form=0.1).score == 3.6


def test_wrong_values_on_plain_inputs_explain_all_wrong_values() -> None:
    made = task(failed("large"), failed("ordinary", plain=True), failed("halves"))
    (cause,) = made.causes
    assert (cause.message, cause.hint, cause.cost) == ("about ordinary", "hint of ordinary", 4.0)
    assert cause.checks == ("large", "ordinary", "halves")
    assert [check.hint for check in made.checks] == ["", "hint of ordinary", ""]


def test_right_on_plain_inputs_each_region_is_a_cause_and_checks_of_one_region_are_one() -> None:
    made = task(passed("ordinary", plain=True), failed("a", detail="large"), failed("b", detail="large"), failed("c"))
    assert [(cause.checks, cause.cost) for cause in made.causes] == [(("a", "b"), 2.0), (("c",), 1.0)]


def test_what_a_function_raises_at_one_line_is_one_cause() -> None:
    one, other = "KeyError (line 2: `x[k]`)", "TypeError (line 3: `y + 1`)"
    made = task(failed("a", RAISED, detail=one), failed("b", RAISED, detail=other), failed("c", RAISED, detail=one))
    assert [cause.checks for cause in made.causes] == [("a", "c"), ("b",)]


def test_a_missing_return_comes_first_and_once() -> None:
    made = task(failed("raises", Kind.NOT_RAISED, 3.0), failed("a", NOTHING), failed("b", NOTHING))
    assert [cause.kind for cause in made.causes] == [NOTHING, Kind.NOT_RAISED]


def test_a_visible_test_is_a_cause_only_where_nothing_else_says_why() -> None:
    visible = failed("The visible test", weight=0.0, visible=True)
    assert [cause.checks for cause in task(visible, failed("hidden")).causes] == [("hidden",)]
    assert [cause.checks for cause in task(visible, passed("hidden")).causes] == [("The visible test",)]


def test_what_the_grader_could_not_check_is_nobodys_cause() -> None:
    assert task(CheckResult("a", Outcome.GRADER_ERROR, message="secret"), passed("b")).causes == ()


def test_the_hint_of_a_cause_that_a_visible_test_found_first_is_that_of_the_hidden_check() -> None:
    made = task(
        failed("visible", RAISED, 0.0, visible=True, hint="", detail="line 2"),
        failed("long", RAISED, detail="line 2"),
        failed("longer", RAISED, detail="line 2"),
    )
    (cause,) = made.causes
    assert (cause.message, cause.hint) == ("about visible", "hint of long")
    assert [check.hint for check in made.checks] == ["", "hint of long", ""]
