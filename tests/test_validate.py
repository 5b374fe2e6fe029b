"""What `validate` proves beside points: equal answers get equal points, a slip of form costs a slip, visible tests catch what they should."""

from __future__ import annotations

import pytest

from autograder import variants
from autograder.model import Cause, CheckResult, Kind, Manifest, Outcome, Report, Status, Task, TaskScore
from autograder.variants import Matrix, Variant, Verdict
from tools import mutants, proof

TASK = Task("softmax", "Softmax", "softmax", 4.0)
MANIFEST = Manifest("a", "A", "a.ipynb", (TASK,), ())


def verdict(name: str, score: float, *, group: int = 0, forms: tuple[str, ...] = (), seen: bool = True) -> Verdict:
    """One verdict on the answer `name`, like "wrong/softmax/overflow"."""
    checks = [CheckResult("The visible test", Outcome.FAILED if seen else Outcome.PASSED, 0.0, visible=True)]
    checks += [CheckResult(f"check {number}", Outcome.PASSED, form=form) for number, form in enumerate(forms or ("",))]
    causes = tuple(Cause(Kind.FORM, form, 1.0, ()) for form in dict.fromkeys(forms))
    task = TaskScore(TASK.id, TASK.title, TASK.points, score, tuple(checks), causes=causes)
    report = Report("n", "a", "", Status.GRADED, score, TASK.points, (task,))
    kind = name.partition("/")[0]
    found = Verdict(Variant(name, kind, TASK.id, f"# Mistake: {name[-1]} is wrong.\n"), group, None, report, "", seen)
    return Verdict(found.variant, group, None, report, variants._problem(found, MANIFEST), seen)


def matrix(*verdicts: Verdict) -> Matrix:
    return Matrix("a", verdicts, (), {TASK.id: TASK.points})


@pytest.mark.parametrize(
    ("scores", "fair"), [((2.0, 2.0, 2.0), True), ((2.0, 2.4, 2.1), True), ((2.0, 2.2, 2.5), False)]
)
def test_a_wrong_answer_gets_the_same_points_with_any_set_of_seeds(scores: tuple[float, ...], fair: bool) -> None:
    found = matrix(*(verdict("wrong/softmax/w", score, group=group) for group, score in enumerate(scores)))

    said = (
        () if fair else ("wrong/softmax/w: 2 to 2.5 points, by the set of seeds: more than a tenth of the task's 4.",)
    )
    assert found.problems == said


@pytest.mark.parametrize(
    ("score", "forms", "seen", "said"),
    [
        (3.0, ("A tensor.", "A tensor."), True, ""),
        (2.0, ("A tensor.",), True, "a slip of form keeps 2 of 4 points, not 2.4 to 3.6"),
        (3.8, ("A tensor.",), True, "a slip of form keeps 3.8 of 4 points, not 2.4 to 3.6"),
        (3.0, (), True, "a slip of form is named in 0 sentences, not in one: "),
        (
            3.0,
            ("A tensor.", "A list."),
            True,
            "a slip of form is named in 2 sentences, not in one: A tensor. / A list.",
        ),
        (3.0, ("A tensor.",), False, "a slip of form that no visible test catches"),
        (4.0, ("A tensor.",), True, "full points for a wrong answer"),
    ],
)
def test_a_slip_of_form_costs_a_slip_is_named_once_and_is_seen(
    score: float, forms: tuple[str, ...], seen: bool, said: str
) -> None:
    assert verdict("form/softmax/f", score, forms=forms, seen=seen).problem == said


def test_what_visible_tests_leave_to_the_hidden_ones_is_named_and_is_no_fault() -> None:
    names = [f"wrong/softmax/{letter}" for letter in "abcd"]
    found = matrix(
        *(verdict(name, 1.0, seen=name[-1] in "ab") for name in names[:3]),
        verdict(names[3], 3.0, forms=("It is a list.",), seen=False),
        verdict("right/softmax/r", 4.0, seen=False),
    )

    assert found.seen(TASK.id) == (2, 4)
    assert found.problems == ()
    assert found.warnings == (
        "softmax: the visible tests catch 2 of 4 wrong answers, less than 70 %.",
        "wrong/softmax/d: a slip of form that no visible test catches: It is a list.",
    )


def test_the_pages_of_the_proof_say_what_was_measured_and_nothing_else() -> None:
    found = matrix(
        verdict("wrong/softmax/w", 1.0, seen=True),
        verdict("wrong/softmax/w", 1.2, group=1, seen=True),
        verdict("wrong/softmax/k", 4.0, seen=False),
        verdict("form/softmax/f", 3.0, forms=("A list.",)),
        verdict("right/softmax/r", 4.0, seen=False),
    )
    row = mutants.Row("a", TASK.id, 5, (), {})
    one = {"title": "A", "seeds": 8, "tasks": [proof.measured_task(found, TASK, row)], "problems": list(found.problems)}
    page, points = proof.proof_page({"a": one}), proof.points_page({"a": one})

    assert "| a | 8 | 1 | 0 | 2 | 1 | 1 | 0 | 5 | 0 | 2 of 3 (67 %) |" in page
    assert "- wrong/softmax/k: full points for a wrong answer" in page
    rows = [line for line in points.splitlines() if line.startswith("| ")]
    assert rows[1:] == [
        "| 1 right answer | 100 % | |",
        "| k is wrong | 100 % | no |",
        "| f is wrong (form only) | 75 % | yes |",
        "| w is wrong | 25–30 % | yes |",
    ]
