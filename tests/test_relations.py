"""What a wrong value has to do with the right one is said, where it is a fact."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.checks import close, number, same
from autograder.checks.authoring import Mismatch
from autograder.checks.relations import of_numbers, of_sequences, of_tensors, of_texts

ROWS = torch.tensor([[1.5, -2.0, 0.25], [3.0, 0.5, -1.0]])
HALF = ROWS.masked_fill(ROWS < 0, -torch.inf)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (-ROWS, "opposite sign"),
        (ROWS.flip(-1), "in reverse order"),
        (ROWS.flip(0), "in other places"),
        (ROWS / 2, "0.5 times what it should be"),
        (ROWS + 3, "3 too large"),
        (ROWS - 3, "3 too small"),
        (ROWS.softmax(-1), "the softmax of what it should be"),
        (ROWS.log_softmax(-1), "the log-softmax of what it should be"),
        (HALF, "2 numbers are -inf that should not be"),
        (ROWS + torch.arange(6).reshape(2, 3), ""),
        (torch.zeros(2, 3), ""),
        (ROWS * (1 + 1e-6), ""),
        (torch.full((2, 3), torch.nan), ""),
    ],
)
def test_wrong_tensors(got: torch.Tensor, said: str) -> None:
    found = of_tensors(got, ROWS)
    assert said in found
    assert bool(found) is bool(said)


def test_what_should_be_ruled_out_is_counted() -> None:
    assert of_tensors(ROWS, HALF) == ", 2 numbers are left that should be -inf"
    assert of_tensors(ROWS + 1, HALF) == ""


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        ([5, 4, 3, 2, 1], [1, 2, 3, 4, 5], "in reverse order"),
        (["b", "a", "c"], ["a", "b", "c"], "in another order"),
        ([3, 2, 1], [1, 2, 3], ""),  # which may be the lengths of other things
        ([("b", 0.1), ("a", 0.9000001)], [("a", 0.9), ("b", 0.1)], "in reverse order"),
        (["i", "like"], ["[CLS]", "i", "like", "[SEP]"], "the first and the last missing"),
        ([1, 2], [1, 2, 3], "the last missing"),
        ([1, 2, 3, 4], [3, 4], "the first 2 too many"),
        ([], [1], ""),
        ([5, 6], [1, 2], ""),
        ([torch.ones(2), torch.ones(2)], [1, 2], ""),
    ],
)
def test_wrong_lists(got: list[Any], expected: list[Any], said: str) -> None:
    found = of_sequences(got, expected)
    assert said in found
    assert bool(found) is bool(said)


def test_wrong_numbers_and_texts() -> None:
    assert of_numbers(63.6364, 0.636364) == ", 100 times as much"
    assert of_numbers(0.3, 0.5) == of_numbers(2.0, 0.0) == of_numbers(float("nan"), 1.0) == ""
    assert of_texts("new\n", "new") == ", different only in white space at the ends"
    assert of_texts("New", "new") == ", different only in capitals"
    assert of_texts("Prompt: new", "new") == ", with 8 characters more in front"
    assert of_texts("new", "") == of_texts("old", "new") == ""


@pytest.mark.parametrize(
    ("comparison", "answer", "expected", "said"),
    [
        (close, -ROWS, ROWS, "opposite sign"),
        (number, -0.25, 0.25, "opposite sign"),
        (same, ["b", "a"], ["a", "b"], "reverse order"),
        (same, ["a"], ["a", "b"], r"1 entry .*, the last missing"),
        (same, "News", "New", "1 character more at the end"),
    ],
)
def test_a_message_ends_with_it(comparison: Any, answer: Any, expected: Any, said: str) -> None:
    with pytest.raises(Mismatch, match=said):
        comparison(answer, expected)
