"""A test cell on the trusted side: what it can do with an answer is what it can do in the notebook."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from autograder.checks import visible
from autograder.checks.outcomes import Found, outcome_of, run_check
from autograder.checks.student import Student, Trusted
from autograder.model import Kind, Outcome

CATCHES = """
try:
    answer()
except ValueError:
    pass
else:
    assert False, "nothing was raised"
"""


def found(test: str, answer: Callable[..., Any]) -> Found:
    """What comes of a test cell that calls `answer`."""
    student = Student()
    student.transport_ = Trusted(SimpleNamespace(answer=answer))
    names = {"answer": visible._as_in_the_notebook(student.answer)}
    code = compile(test, "<test>", "exec")
    return outcome_of(lambda: run_check(visible._execute, code, names), student)


def raises(error: Exception) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def test_a_test_cell_can_catch_what_an_answer_raises() -> None:
    assert found(CATCHES, raises(ValueError("no labels"))).outcome is Outcome.PASSED
    assert found(CATCHES, lambda: 0.0).outcome is Outcome.FAILED


def test_what_a_test_cell_catches_has_the_text_of_the_answers_exception() -> None:
    test = "try:\n    answer()\nexcept ValueError as error:\n    assert str(error) == 'not -3', str(error)"
    assert found(test, raises(ValueError("not -3"))).outcome is Outcome.PASSED
    assert found(test, raises(ValueError("not 4"))).outcome is Outcome.FAILED


def test_what_a_test_cell_does_not_catch_is_the_error_of_the_answer() -> None:
    for error in (ZeroDivisionError("division by zero"), UnicodeDecodeError("utf-8", b"", 0, 1, "bad")):
        result = found(CATCHES, raises(error))
        assert (result.outcome, result.kind) == (Outcome.STUDENT_ERROR, Kind.RAISED)
        assert type(error).__name__ in result.message


def test_a_test_cell_can_pass_a_function_of_its_own() -> None:
    test = "calls = []\nassert answer(lambda text: calls.append(text)) == 3, 'wrong'\nassert calls == ['a', 'b', 'c'], calls"

    def answer(function: Callable[[str], object]) -> int:
        return len([function(letter) for letter in "abc"])

    assert found(test, answer).outcome is Outcome.PASSED
