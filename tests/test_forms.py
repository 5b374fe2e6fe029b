"""Right values in another form pass and are noted; wrong values in any form fail."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder.checks import close, forms, number, same, same_table
from autograder.checks.authoring import Mismatch
from autograder.model import Kind

Comparison = Callable[..., None]

ROW = torch.tensor([0.1, 0.2, 0.7])
FRAME = pd.DataFrame({"text": ["a", "b", "c"], "label": [1, 0, 1]}, index=[4, 2, 9])
FORMS: list[tuple[Comparison, Any, Any, str]] = [
    (close, ROW.numpy(), ROW, "a NumPy array"),
    (close, [0.1, 0.2, 0.7], ROW, "a list"),
    (close, (0.1, 0.2, 0.7), ROW, "a tuple"),
    (close, [torch.tensor(0.1), torch.tensor(0.2), torch.tensor(0.7)], ROW, "a list"),
    (close, ROW[None], ROW, "shape (1, 3)"),
    (close, ROW, ROW[None], "shape (3,)"),
    (close, ROW.reshape(3, 1), ROW[None], "shape (3, 1)"),
    (close, ROW.double(), ROW, "float64"),
    (close, ROW, ROW.double(), "float32"),
    (close, ROW.bfloat16(), ROW, "bfloat16"),
    (close, torch.tensor([1.0, 2.0]), torch.tensor([1, 2]), "float32"),
    (close, 0.5, torch.tensor(0.5), "a float"),
    (number, torch.tensor(0.5), 0.5, "a tensor"),
    (number, np.float64(0.5), 0.5, "NumPy"),
    (number, np.float32(0.1), 0.1, "NumPy"),
    (number, torch.tensor([0.5]), 0.5, "a tensor"),
    (number, [0.5], 0.5, "a list"),
    (number, 1, 1.0, "an int"),
    (same, (1, 2), [1, 2], "a tuple"),
    (same, [1, 2], (1, 2), "a list"),
    (same, torch.tensor([1, 2]), [1, 2], "a tensor"),
    (same, np.array([1, 2]), [1, 2], "a NumPy array"),
    (same, pd.Series([1, 2]), [1, 2], "a Series"),
    (same, [np.int64(1), np.int64(2)], [1, 2], "NumPy"),
    (same, [True, False], [1, 0], "a bool"),
    (same, [1.0, 0.0], [1, 0], "a float"),
    (same, [torch.tensor(1)], [1], "a tensor"),
    (same, [[1], [2]], [1, 2], "a list"),
    (same, [[1, 2]], [1, 2], "one more list around it"),
    (same, [("a", np.float32(0.1))], [("a", 0.1)], "NumPy"),
    (same, [["a", 0.1]], [("a", 0.1)], "a list"),
    (same, {"TP": 1, "FP": 2}, {"tp": 1, "fp": 2}, "the key 'TP'"),
    (same, ["a"], "a", "a list"),
    (same, ("a",), "a", "a tuple"),
    (same_table, [], FRAME[:0], "a list"),
    (same, [("tp", 1)], {"tp": 1}, "a list of pairs"),
    (same, 1.0, 1, "a float"),
    (same_table, FRAME.reset_index(drop=True), FRAME, "index"),
    (same_table, FRAME[["label", "text"]], FRAME, "the order"),
    (same_table, FRAME.assign(helper=1), FRAME, "also ['helper']"),
    (same_table, FRAME.iloc[::-1], FRAME, "another order"),
    (same_table, FRAME, FRAME.reset_index(drop=True), "index"),
    (same_table, FRAME.astype({"label": float}), FRAME, "floats"),
    (same_table, FRAME.astype({"label": bool}), FRAME, "bools"),
    (same_table, FRAME.rename(columns=str.upper), FRAME, "['TEXT', 'LABEL']"),
    (same_table, FRAME[["text"]]["text"], FRAME[["text"]], "a Series"),
    (same_table, FRAME.to_dict("records"), FRAME.reset_index(drop=True), "a list"),
]
NO_FORMS: list[tuple[Comparison, Any, Any]] = [
    (close, ROW.clone().requires_grad_(), ROW),
    (same, [np.float64(0.1)], [0.1]),
    (same, OrderedDict(a=1, more=2), {"a": 1}),
    (same, [], []),
    (same_table, FRAME.astype({"label": "int8"}), FRAME),
]
WRONG: list[tuple[Comparison, Any, Any]] = [
    (close, ROW.flip(0).numpy(), ROW),
    (close, [0.1, 0.2], ROW),
    (close, "0.1", ROW),
    (close, torch.eye(2)[:, :1], torch.zeros(1, 2)),
    (close, ROW.double() + 1e-3, ROW),
    (close, (ROW + 0.4).long(), ROW),
    (close, {"a": ROW}, ROW),
    (number, torch.tensor([0.5, 0.5]), 0.5),
    (number, "0.5", 0.5),
    (number, True, 1.0),
    (number, torch.tensor(0.6), 0.5),
    (same, (1, 3), [1, 2]),
    (same, {1, 2}, [1, 2]),
    (same, "ab", ["a", "b"]),
    (same, [1.5], [1]),
    (same, {"tp": np.int64(2)}, {"tp": 1}),
    (same, {"other": 1}, {"tp": 1}),
    (same, [[1, 2], [3, 4]], {"tp": 1}),
    (same, [None], [0]),
    (same_table, FRAME.assign(label=[1, 1, 1]), FRAME),
    (same_table, FRAME[["text"]], FRAME),
    (same_table, FRAME.iloc[:2], FRAME),
    (same_table, FRAME.set_axis([4, 2, 8], axis=0), FRAME),
    (same_table, [1, 2], FRAME),
]


def named(rows: list[Any]) -> list[str]:
    return [f"{row[0].__name__}-{type(row[1]).__name__}-{number}" for number, row in enumerate(rows)]


@pytest.mark.parametrize(("comparison", "answer", "expected", "said"), FORMS, ids=named(FORMS))
def test_right_values_in_another_form_pass_and_the_form_is_named(
    comparison: Comparison, answer: Any, expected: Any, said: str
) -> None:
    with forms.collecting() as slips:
        comparison(answer, expected)
    assert len(slips) == 1
    assert slips[0].startswith("The values are right; the task asks for ")
    assert said in slips[0].partition("your function returned ")[2]
    for strict in (True, False):  # nobody collects slips where a suite is run by hand
        with pytest.raises(Mismatch, match="the task asks for") as failure:
            comparison(answer, expected, strict=strict)
        assert failure.value.kind is Kind.FORM


@pytest.mark.parametrize(("comparison", "answer", "expected"), NO_FORMS, ids=named(NO_FORMS))
def test_what_is_right_in_form_too_is_no_slip(comparison: Comparison, answer: Any, expected: Any) -> None:
    comparison(answer, expected, strict=True)


@pytest.mark.parametrize(("comparison", "answer", "expected"), WRONG, ids=named(WRONG))
def test_wrong_values_fail_in_any_form(comparison: Comparison, answer: Any, expected: Any) -> None:
    with forms.collecting() as slips, pytest.raises(Mismatch) as failure:
        comparison(answer, expected)
    assert failure.value.kind is Kind.VALUES
    assert not slips


def test_a_gradient_is_a_form_where_the_task_asks_for_none() -> None:
    with forms.collecting() as slips:
        close(ROW.clone().requires_grad_(), ROW, detached=True)
    assert "with a gradient attached" in slips[0]


def test_the_order_of_rows_is_a_value_where_the_check_says_so() -> None:
    with forms.collecting(), pytest.raises(Mismatch):
        same_table(FRAME.iloc[::-1], FRAME, ordered=True)
