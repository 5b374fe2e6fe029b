"""An honest notebook is read as it is, in any encoding and format; values in it that nobody has thought of are survived."""

from __future__ import annotations

import json

import nbformat
import pytest
from sample_notebook import (
    DOUBLE_AT,
    DOUBLE_TEST_AT,
    MANIFEST,
    MY_DOUBLE,
    MY_TRIPLE,
    PICTURE_AT,
    SETUP_AT,
    accepted,
    answered,
    cell,
    hand_in,
    released,
    values,
)

from autograder.model import Role


def test_an_undamaged_notebook_is_read_without_repair() -> None:
    submission = accepted(hand_in(answered()))
    assert submission.repairs == submission.flags == ()
    assert [c.role for c in submission.cells] == [c.role for c in MANIFEST.cells]
    assert [c.index for c in submission.cells] == list(range(10))
    assert submission.cells[DOUBLE_AT].source == MY_DOUBLE
    assert submission.cells[DOUBLE_AT].task == "times-two"
    assert submission.digest.startswith("sha256:")
    assert values(submission) == (10, 15)


def test_the_untouched_release_is_read_without_repair() -> None:
    submission = accepted(hand_in(released()))
    assert submission.repairs == submission.flags == ()


def test_a_notebook_of_format_3_is_read_like_any_other() -> None:
    nb = answered()
    nb["cells"][9]["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": "careful"},
        {"output_type": "execute_result", "data": {"text/plain": "12"}, "metadata": {}, "execution_count": 1},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]},
    ]
    old = nbformat.writes(nbformat.convert(nbformat.from_dict(nb), 3), version=3)
    submission = accepted(hand_in(old.encode()))
    assert values(submission) == (10, 15)
    assert [c.source for c in submission.cells if c.role is Role.ANSWER] == [MY_DOUBLE, MY_TRIPLE]
    assert [o["output_type"] for o in submission.cells[9].outputs] == ["stream", "execute_result", "error"]
    assert submission.cells[9].outputs[1]["data"] == {"text/plain": "12"}


def test_extra_cells_and_duplicate_keys_cost_nothing() -> None:
    nb = answered()
    nb["cells"].insert(2, cell(20, "!pip install something"))
    nb["cells"].append(cell(21, "My thoughts.", "markdown"))
    text = json.dumps(nb).replace('"nbformat": 4,', '"nbformat": 4, "nbformat": 4,')
    submission = accepted(hand_in(text.encode()))
    assert submission.repairs == ()
    assert [c.role for c in submission.cells[2:4]] == [Role.CODE, Role.TEXT]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_read(encoding: str) -> None:
    assert values(accepted(hand_in(json.dumps(answered()).encode(encoding)))) == (10, 15)


def test_bytes_that_are_no_text_are_replaced_and_said_so() -> None:
    data = json.dumps(answered()).replace("Then, triple.", "Köpfe", 1).encode("latin-1")
    assert "not UTF-8" in accepted(hand_in(data)).repairs[0]


# ── strange values ────────────────────────────────────────────────────────────────────────────────

STRANGE: list[object] = [
    None, True, -1, 1e999, float("nan"), "", "\ud800", "a\x00b", [], {}, [[]], [None, "x"], {"x": {}}, "x" * 5000,
    {"nbgrader": {"grade_id": ["setup"], "solution": "yes"}}, {"nbgrader": []}, {"tags": "demo"}, {"tags": [1]}, [{"a": [{}]}],
]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("key", ["cell_type", "id", "metadata", "source", "outputs"])
def test_a_strange_value_anywhere_in_a_cell_is_survived(key: str, value: object) -> None:
    nb = answered()
    for at in (SETUP_AT, DOUBLE_AT, DOUBLE_TEST_AT, PICTURE_AT):
        nb["cells"][at][key] = value
    submission = accepted(hand_in(nb))
    assert {c.task for c in submission.cells if c.role is Role.TEST} == {"times-two", "times-three"}
    json.dumps([c.source for c in submission.cells], ensure_ascii=False).encode()
    json.dumps([c.outputs for c in submission.cells], ensure_ascii=False).encode()
