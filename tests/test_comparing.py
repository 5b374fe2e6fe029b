"""What the comparisons of a suite let pass, and what they say of the rest."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
import torch

from autograder.checks import close, number, same, same_table
from autograder.checks.authoring import Mismatch

INF, NAN = math.inf, math.nan
APART = [(5.0, INF), (-INF, INF), (INF, -INF), (0.0, -INF), (1.7e308, INF), (INF, 5.0), (NAN, INF), (INF, NAN), (NAN, 5.0), (5.0, NAN), (-1.5e308, 1.5e308)]  # fmt: skip
ALIKE = [(INF, INF), (-INF, -INF), (NAN, NAN), (0.0, -0.0), (-0.0, 0.0), (1e-9, 0.0), (1.0 + 1e-7, 1.0)]


@pytest.mark.parametrize(("answer", "expected"), APART)
def test_an_infinity_and_nan_are_near_to_themselves_only(answer: float, expected: float) -> None:
    with pytest.raises(
        Mismatch, match=f"returned {re.escape(repr(answer))}; expected {re.escape(repr(expected))}(, |$)"
    ):
        number(answer, expected)
    with pytest.raises(Mismatch):
        same(answer, expected)
    with pytest.raises(Mismatch, match=r"at \['a'\]\[0\]"):
        same({"a": [answer]}, {"a": [expected]})
    with pytest.raises(Mismatch):
        close(torch.tensor([0.0, answer], dtype=torch.float64), torch.tensor([0.0, expected], dtype=torch.float64))
    with pytest.raises(Mismatch, match="row 1 of column 'a'"):
        same_table(pd.DataFrame({"a": [0.0, answer]}), pd.DataFrame({"a": [0.0, expected]}))


@pytest.mark.parametrize(("answer", "expected"), ALIKE)
def test_a_right_number_is_right_for_every_comparison(answer: float, expected: float) -> None:
    number(answer, expected)
    same([answer], [expected])
    close(torch.tensor(answer, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64), rtol=1e-6)
    same_table(pd.DataFrame({"a": [answer]}), pd.DataFrame({"a": [expected]}))


def test_whole_numbers_in_tensors_are_compared_as_such() -> None:
    large = torch.tensor([2**60])
    with pytest.raises(Mismatch):
        close(large + 1, large)
    close(large, large)
    close(torch.tensor([True]), torch.tensor([True]))
    close(torch.tensor([1]), torch.tensor([2]), atol=1)


def test_what_is_missing_in_a_table_is_missing_in_the_same_places() -> None:
    whole = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x", None], "c": [0.5, NAN]}, index=[1.0, NAN])
    same_table(whole, whole.copy())
    same_table(whole.astype({"c": "Float64"}), whole)
    for column, value in (("a", 2), ("b", "y"), ("c", 0.0)):
        other = whole.copy()
        other.loc[other.index[1], column] = value
        with pytest.raises(Mismatch, match=f"column '{column}'"):
            same_table(other, whole)
        with pytest.raises(Mismatch, match=f"column '{column}'"):
            same_table(whole, other)
    with pytest.raises(Mismatch, match="index"):
        same_table(whole.set_axis([1.0, 2.0]), whole)


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (0.0, 0, "returned a float; the task asks for a Python int"),
        ([1], [1.0], "returned an int; the task asks for a Python float"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "returned 2 at ['a'][1]; expected 3"),
        (True, 1, "returned a bool; the task asks for a Python int"),
    ],
)
def test_what_differs_is_told_apart_even_where_it_reads_the_same(answer: object, expected: object, said: str) -> None:
    with pytest.raises(Mismatch, match=re.escape(said) + "$"):
        same(answer, expected)
    same(expected, expected)
