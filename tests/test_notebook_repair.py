"""Damage of a handed-in notebook: what can be repaired keeps its values and its tests, and a sentence names each repair and each loss."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from sample_notebook import (
    DOUBLE_AT,
    DOUBLE_TEST,
    DOUBLE_TEST_AT,
    MANIFEST,
    MY_DOUBLE,
    PICTURE,
    PICTURE_AT,
    SETUP,
    SETUP_AT,
    TRIPLE_AT,
    TRIPLE_TEST,
    Notebook,
    accepted,
    answered,
    cell,
    hand_in,
    values,
)

from autograder.model import Role


def _strip_marks(c: list[Notebook]) -> None:
    for each in c:
        each["metadata"] = {}
        each.pop("id")


def _colab(c: list[Notebook]) -> None:
    for each in c:
        each["metadata"] = {"id": each.pop("id"), "colab": {"base_uri": "x"}}


def _split(c: list[Notebook]) -> None:
    first, second = copy.deepcopy(c[TRIPLE_AT]), c[TRIPLE_AT]
    first["source"] = "def helper(x):\n    return x * 3"
    second["source"] = "def triple(x):\n    return helper(x)"
    c.insert(TRIPLE_AT, first)


def _split_unmarked(c: list[Notebook]) -> None:
    c[TRIPLE_AT]["source"] = "def helper(x):\n    return x * 3"
    c.insert(TRIPLE_AT + 1, cell(30, "def triple(x):\n    return helper(x)"))


def _answer_above_the_stub(c: list[Notebook]) -> None:
    c.insert(DOUBLE_AT, cell(30, MY_DOUBLE))
    c[DOUBLE_AT + 1]["source"] = MANIFEST.cells[DOUBLE_AT].source


def _old_attempt_in_a_string(c: list[Notebook]) -> None:
    _answer_above_the_stub(c)
    c[DOUBLE_AT + 1]["source"] = f'"""\n{MY_DOUBLE}\n"""\n' + c[DOUBLE_AT + 1]["source"]
    c.append(cell(31, "'''\ndef double(x):\n    return 'a string'\n'''"))


def _merge_with_test(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["source"] += "\n" + c.pop(DOUBLE_TEST_AT)["source"]


def _merge_into_test(c: list[Notebook]) -> None:
    c[DOUBLE_TEST_AT]["source"] = MY_DOUBLE + "\n" + c[DOUBLE_TEST_AT]["source"]
    c.pop(DOUBLE_AT)


def _helper_in_test(c: list[Notebook]) -> None:
    c[DOUBLE_TEST_AT]["source"] += "\ndef helper(x):\n    return 3 * x"
    c[TRIPLE_AT]["source"] = "def triple(x):\n    return helper(x)"


def _helper_in_picture(c: list[Notebook]) -> None:
    c[PICTURE_AT]["source"] = "def helper(x):\n    return 3 * x"
    c[TRIPLE_AT]["source"] = "def triple(x):\n    return helper(x)"


def _swap_marks(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["metadata"], c[TRIPLE_AT]["metadata"] = c[TRIPLE_AT]["metadata"], c[DOUBLE_AT]["metadata"]


def _both_in_one(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["source"] += "\n\n" + c.pop(TRIPLE_AT)["source"]


DAMAGE: dict[str, tuple[Callable[[list[Notebook]], object], str]] = {
    "all marks and ids lost": (_strip_marks, "marks were missing on"),
    "opened in Colab": (_colab, "marks were missing on"),
    "an answer's marks lost": (lambda c: c[DOUBLE_AT].update(metadata={}), "marks were missing on times-two"),
    "an answer tagged": (
        lambda c: c[DOUBLE_AT]["metadata"].update(tags=["skip-execution"]),
        "'skip-execution' on times-two",
    ),
    "an answer tagged demo": (lambda c: c[DOUBLE_AT]["metadata"].update(tags=["demo"]), "'demo' on times-two"),
    "an answer with a picture's id": (
        lambda c: c[DOUBLE_AT].update(id="cell-5", metadata={"tags": ["demo"]}),
        "'demo'",
    ),
    "an answer marked as a test": (
        lambda c: c[DOUBLE_AT]["metadata"]["nbgrader"].update(grade_id="times-two-test"),
        "marks were missing on times-two",
    ),
    "an answer split": (_split, "spread over 2 cells"),
    "an answer split, marks kept on the first": (_split_unmarked, "found in another cell"),
    "an answer copied": (lambda c: c.insert(TRIPLE_AT, copy.deepcopy(c[TRIPLE_AT])), "defined in 2 cells"),
    "an answer given twice": (lambda c: c.append(cell(30, MY_DOUBLE)), "defined in 2 cells"),
    "an answer above its stub": (_answer_above_the_stub, "the empty one is not run"),
    "an answer above its stub, old attempts in strings": (_old_attempt_in_a_string, "the empty one is not run"),
    "an answer inside an if": (
        lambda c: c[DOUBLE_AT].update(metadata={}, source="if True:\n    def double(x):\n        return x + x"),
        "marks were missing on times-two",
    ),
    "answers swapped": (_swap_marks, "found in another cell"),
    "both answers in one cell": (_both_in_one, "triple was found in the cell of times-two"),
    "answer and test merged": (_merge_with_test, "test cell of times-two was missing"),
    "answer merged into the test": (_merge_into_test, "test cell of times-two was missing"),
    "cells reversed": (lambda c: c.reverse(), "set-up cell stood below an answer"),
    "test deleted": (lambda c: c.pop(DOUBLE_TEST_AT), "test cell of times-two was missing"),
    "test emptied": (lambda c: c[DOUBLE_TEST_AT].update(source=""), "test cell of times-two was edited"),
    "test edited": (lambda c: c[DOUBLE_TEST_AT].update(source="assert True"), "test cell of times-two was edited"),
    "test edited and unmarked": (
        lambda c: c[DOUBLE_TEST_AT].update(metadata={}, id="new", source=DOUBLE_TEST + "\nprint('yes')"),
        "test cell of times-two was edited",
    ),
    "test turned to markdown": (lambda c: c[DOUBLE_TEST_AT].update(cell_type="markdown"), "turned into markdown"),
    "test turned to raw": (lambda c: c[DOUBLE_TEST_AT].update(cell_type="raw"), "turned into raw"),
    "test tagged": (lambda c: c[DOUBLE_TEST_AT]["metadata"].update(tags=["raises-exception"]), "'raises-exception'"),
    "test copied": (lambda c: c.insert(6, copy.deepcopy(c[DOUBLE_TEST_AT])), "second copy of the cell times-two-test"),
    "helper in a test": (_helper_in_test, "edited to define helper"),
    "helper in a picture": (_helper_in_picture, "changed to define helper"),
    "set-up deleted": (lambda c: c.pop(SETUP_AT), "set-up cell was missing"),
    "set-up edited": (
        lambda c: c[SETUP_AT].update(source=SETUP + "\nimport json"),
        "released one is run first, then yours",
    ),
    "set-up emptied": (lambda c: c[SETUP_AT].update(source=""), "set-up cell was edited"),
    "set-up moved to the end": (lambda c: c.append(c.pop(SETUP_AT)), "set-up cell stood below an answer"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_repaired_and_named(name: str) -> None:
    damage, words = DAMAGE[name]
    nb = answered()
    damage(nb["cells"])
    submission = accepted(hand_in(nb))
    assert values(submission) == (10, 15)
    assert any(words in sentence for sentence in submission.repairs), submission.repairs
    assert all(sentence.endswith(".") for sentence in submission.repairs)
    assert submission.flags == ()
    assert [c.index for c in submission.cells] == list(range(len(submission.cells)))
    tests = {c.task: c.source for c in submission.cells if c.role is Role.TEST}
    assert tests == {"times-two": DOUBLE_TEST, "times-three": TRIPLE_TEST}
    assert sum(c.role is Role.TEST for c in submission.cells) == 2
    first = next(c for c in submission.cells if c.role in (Role.SETUP, Role.ANSWER))
    assert (first.role, first.source) == (Role.SETUP, SETUP)


def test_a_deleted_test_comes_back_after_its_answer() -> None:
    nb = answered()
    nb["cells"].pop(DOUBLE_TEST_AT)
    assert [c.grade_id for c in accepted(hand_in(nb)).cells] == [c.grade_id for c in MANIFEST.cells]


def test_a_students_test_output_is_not_taken_over() -> None:
    nb = answered()
    nb["cells"][DOUBLE_TEST_AT]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "all pass"}]
    assert accepted(hand_in(nb)).cells[DOUBLE_TEST_AT].outputs == ()


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_that_was_turned_into_text_is_flagged_and_not_run(kind: str) -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT]["cell_type"] = kind
    submission = accepted(hand_in(nb))
    found = submission.cells[DOUBLE_AT]
    assert (found.role, found.cell_type, found.source) == (Role.ANSWER, kind, MY_DOUBLE)
    assert submission.flags == (
        f"The answer of times-two is a {kind} cell: it does not run and counts as not attempted.",
    )


def test_an_empty_answer_counts_as_not_attempted() -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT]["source"] = "  \n"
    submission = accepted(hand_in(nb))
    assert submission.cells[DOUBLE_AT].role is Role.ANSWER
    assert "empty" in submission.repairs[0]


def test_a_deleted_answer_is_named() -> None:
    nb = answered()
    nb["cells"].pop(DOUBLE_AT)
    assert "There is no cell with an answer to times-two: it counts as not attempted." in accepted(hand_in(nb)).repairs


def test_an_unmarked_answer_under_another_name_is_found_by_its_place() -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT].update(metadata={}, id="new", source="def twice(x):\n    return 2 * x")
    found = accepted(hand_in(nb)).cells[DOUBLE_AT]
    assert (found.role, found.task) == (Role.ANSWER, "times-two")


def test_the_last_definition_wins_as_in_python() -> None:
    nb = answered()
    nb["cells"].append(cell(30, "def double(x):\n    return 'later'"))
    assert values(accepted(hand_in(nb)))[0] == "later"


def test_a_picture_that_was_played_with_stays_a_picture() -> None:
    nb = answered()
    nb["cells"][PICTURE_AT]["source"] = PICTURE.replace("9", "900")
    nb["cells"][PICTURE_AT]["outputs"] = [{"output_type": "display_data", "data": {"image/png": ["aG", "Vs"]}}]
    found = accepted(hand_in(nb)).cells[PICTURE_AT]
    assert found.role is Role.DEMO
    assert found.outputs[0]["data"] == {"image/png": "aGVs"}
