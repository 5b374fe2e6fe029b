"""Calls are recognised by their arguments' identity only where a change of them could not go unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.checks import identity
from autograder.checks.strategies import tiny_causal_lm


def key(*args: Any, **kwargs: Any) -> Any:
    return identity.key("f", args, kwargs)


def test_the_same_objects_have_the_same_key() -> None:
    scores, model = torch.zeros(3), tiny_causal_lm(1)

    assert key(scores, model, ["a", 1.5, None], k=(1, True)) == key(scores, model, ["a", 1.5, None], k=(1, True))
    assert key(scores) is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.add_(1),
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.requires_grad_(),
        lambda x: x[1:].zero_(),
        lambda x: x.resize_(2),
    ],
    ids=["in place", "an entry", "gradient", "through a view", "its shape"],
)
def test_a_tensor_that_was_changed_has_another(change: Callable[[torch.Tensor], object]) -> None:
    scores = torch.zeros(3)
    before = key(scores)

    change(scores)

    assert key(scores) != before


def test_equal_tensors_are_not_the_same() -> None:
    one, other = torch.zeros(3), torch.zeros(3)

    assert key(one) != key(other)


def test_a_list_that_was_changed_has_another() -> None:
    words = ["a", ["b"]]
    before = key(words)

    words[1].append("c")  # type: ignore[attr-defined]

    assert key(words) != before


@pytest.mark.parametrize(
    ("one", "other"), [(0.0, -0.0), (1, True), (1, 1.0), ("1", 1), ([1], (1,)), (None, False), ({"a": 1}, {"b": 1})]
)
def test_what_a_student_could_tell_apart_has_two_keys(one: Any, other: Any) -> None:
    assert key(one) != key(other)
    assert key(x=one) != key(x=other)


def test_nan_is_itself() -> None:
    assert key(float("nan")) == key(float("nan"))


@pytest.mark.parametrize(
    "value",
    [np.zeros(2), torch.Generator(), {1}, object(), torch.nn.Parameter(torch.zeros(1))],
    ids=lambda value: type(value).__name__,
)
def test_what_does_not_count_its_changes_has_none(value: Any) -> None:
    assert key(value) is None
    assert key([value]) is None
