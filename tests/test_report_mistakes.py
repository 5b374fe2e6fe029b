"""The mistakes and remarks of a class: which are the same, and how many students have them."""

from __future__ import annotations

import pytest
from sample_class import check, report, task

from autograder.model import Outcome
from autograder.report.mistakes import mistakes, normalised, remarks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f([0.1, 2], 0.71) returned [1, -inf]; expected [1, 2]", "f([[3]], 1) returned [[4]]; expected [[5, 6], [7, 8]]"),
        ("f('a (b', (1, 2)) returned 3; expected 4", "f('c', (3,)) returned -2.5e-07; expected 1"),
        ("f(1) raised ValueError: k is 3 (line 4: `raise ValueError(k)`)", "f(2) raised ValueError: k is 7 (line 12: `boom()`)"),
        ("f(<tokenizer>, 'x) gave", "f(<model>, 'it is') gave"),
        ("f(a tensor of shape (3, …, 5…) returned float32; expected float64", "f(7) returned float32; expected float64"),
    ],
)  # fmt: skip
def test_the_same_mistake_with_other_inputs_is_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(1) returned float32; expected float64", "f(1) returned float64; expected float32"),
        ("f(1) raised ValueError: k", "f(1) raised KeyError: k"),
        ("f(1) changed its arguments in place", "f(1) returned 3; expected 4"),
        ("f(1) returned a tensor of shape (1, 384); expected (384,)", "f(1) returned a tensor of shape (384,); expected (1, 384)"),
        ("", "f(1) returned 3"),
    ],
)  # fmt: skip
def test_another_mistake_is_another(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_mistakes_are_counted_by_student_and_show_the_smallest_counterexample() -> None:
    reports = [
        report("ada", task("t", check(Outcome.FAILED, "x", message="f([1, 2, 3]) returned [4, 5]; expected [6]"), check(Outcome.FAILED, "y"))),
        report("alan", task("t", check(Outcome.FAILED, "x", message="f([1]) returned [4]; expected [6]", hint="Look."), check(Outcome.PASSED, "y"))),
        report("ken", task("t", check(Outcome.NOT_ATTEMPTED, "x"), check(Outcome.SKIPPED, "y"))),
    ]  # fmt: skip
    first, second = mistakes(reports)

    assert (first.checks, first.students, first.message) == (
        ("x",),
        ("ada", "alan"),
        "f([1]) returned [4]; expected [6]",
    )
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
