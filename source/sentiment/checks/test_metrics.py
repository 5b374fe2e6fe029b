"""accuracy, confusion and f1."""

import numpy as np
import pandas as pd
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import hint, number, same, task, weight

KINDS = ("list", "series", "tensor")
SEEDS = st.integers(0, 2**31)
some = settings(max_examples=6)
a_few = settings(max_examples=3)


def pair(seed: int, size: int) -> tuple[list[int], list[int]]:
    """Labels and predictions, more or less alike."""
    rng = np.random.default_rng(seed)
    labels = rng.random(size) < rng.uniform(0.2, 0.8)
    missed = rng.random(size) < np.where(labels, *rng.uniform(0.1, 0.7, 2))
    return labels.astype(int).tolist(), (labels ^ missed).astype(int).tolist()


def as_kind(values: list[int], kind: str, seed: int):
    """`values` as a list, a Series with an index of its own, or a tensor."""
    if kind == "series":
        return pd.Series(values, index=np.random.default_rng(seed).permutation(len(values)), dtype="int64")
    return torch.tensor(values, dtype=(torch.int64, torch.int32)[seed % 2]) if kind == "tensor" else values


def alike(seed: int, size: int):
    """The same labels and predictions as two lists, two Series and two tensors."""
    for kind in KINDS:
        yield tuple(as_kind(values, kind, seed + turn) for turn, values in enumerate(pair(seed, size)))


def each_kind(seed: int, size: int):
    """The same labels and predictions as lists, Series and tensors, alike and mixed."""
    labels, predictions = pair(seed, size)
    for first, second in (
        ("series", "series"),
        ("tensor", "tensor"),
        ("list", "tensor"),
        ("series", "list"),
        ("tensor", "series"),
    ):
        yield as_kind(labels, first, seed), as_kind(predictions, second, seed + 1)


def exact(answer, expected):
    """A Python float, as exact as float32 arithmetic makes it."""
    number(answer, expected, rtol=5e-7, atol=1e-9)


def near(answer, expected):
    """As `exact`, for a task that asks for a float: NumPy's float64 is one too."""
    exact(float(answer) if isinstance(answer, float) else answer, expected)


@task("accuracy", points=2)
class TestAccuracy:
    @weight(2)
    @hint("The share of places where the two agree, unrounded.")
    @given(seed=SEEDS, size=st.integers(1, 60))
    def test_values(self, student, reference, seed, size):
        """The share of right predictions"""
        labels, predictions = pair(seed, size)
        exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))

    @weight(1)
    @hint("Lists, Series and tensors, and one of each: turn both into the same kind of thing first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))

    @weight(2)
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        values = pair(seed, size)
        permuted = [as_kind(column, "series", seed + 7 * turn) for turn, column in enumerate(values)]
        exact(student.accuracy(*permuted), reference.accuracy(*permuted))
        apart = [pd.Series(column, index=range(turn, size + turn)) for turn, column in enumerate(values)]
        exact(student.accuracy(*apart), reference.accuracy(*apart))

    @weight(1)
    @hint("What would the share of nothing be? Raise a ValueError.")
    @a_few
    @given(seed=SEEDS, size=st.integers(1, 20))
    def test_empty(self, student, reference, seed, size):
        """Nothing to compare raises ValueError"""
        for labels, predictions in alike(seed, size):
            exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))
            student.accuracy.raises(ValueError, labels[:0], predictions[:0])

    @weight(1)
    @hint("Compare the lengths before the values: some tools stop at the shorter one, others stretch it.")
    @a_few
    @given(seed=SEEDS, size=st.integers(4, 12), cut=st.integers(1, 2))
    def test_unequal(self, student, reference, seed, size, cut):
        """Unequal lengths raise ValueError"""
        for labels, predictions in alike(seed, size):
            exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))
            student.accuracy.raises(ValueError, labels[:-cut], predictions)
            student.accuracy.raises(ValueError, labels, predictions[:-cut])
            student.accuracy.raises(ValueError, labels, predictions[:1])
            student.accuracy.raises(ValueError, labels[:0], predictions)

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 20))
    def test_unchanged(self, student, reference, seed, size):
        """Labels and predictions are left as they were"""
        for labels, predictions in alike(seed, size):
            exact(student.accuracy.unchanged(labels, predictions), reference.accuracy(labels, predictions))


@task("confusion", points=2)
class TestConfusion:
    @weight(3)
    @hint(
        "The first letter says whether the prediction is true or false, the second what was predicted: p is 1, n is 0."
    )
    @given(seed=SEEDS, size=st.integers(1, 60))
    def test_values(self, student, reference, seed, size):
        """The four counts"""
        labels, predictions = pair(seed, size)
        same(student.confusion(labels, predictions), reference.confusion(labels, predictions))

    @weight(1)
    @hint("Lists, Series and tensors, and one of each. The counts are ints all the same.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            same(student.confusion(labels, predictions), reference.confusion(labels, predictions))

    @weight(1)
    @hint("A count of 0 is a count: all four names are always there.")
    @some
    @given(size=st.integers(1, 9), label=st.integers(0, 1), said=st.integers(0, 1))
    def test_zeros(self, student, reference, size, label, said):
        """Cells that stay empty count 0"""
        same(student.confusion([label] * size, [said] * size), reference.confusion([label] * size, [said] * size))

    @weight(1)
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        series = [as_kind(column, "series", seed + 7 * turn) for turn, column in enumerate(pair(seed, size))]
        same(student.confusion(*series), reference.confusion(*series))

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 20))
    def test_unchanged(self, student, reference, seed, size):
        """Labels and predictions are left as they were"""
        for labels, predictions in alike(seed, size):
            same(student.confusion.unchanged(labels, predictions), reference.confusion(labels, predictions))


@task("f1", points=2)
class TestF1:
    @weight(3)
    @hint(
        "Twice precision times recall over their sum; precision asks about what was predicted, recall about what is there."
    )
    @given(seed=SEEDS, size=st.integers(1, 60))
    def test_values(self, student, reference, seed, size):
        """The harmonic mean of precision and recall"""
        labels, predictions = pair(seed, size)
        near(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(1)
    @hint("Lists, Series and tensors, and one of each. The answer is a Python float all the same.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            near(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(2)
    @hint("With no true positive at all there is no division to make: the answer is 0.0.")
    @some
    @given(seed=SEEDS, size=st.integers(2, 9))
    def test_zero(self, student, reference, seed, size):
        """Without a true positive it is 0.0, not an error"""
        ones, zeros, labels = [1] * size, [0] * size, pair(seed, size)[0]
        near(student.f1(ones, ones), 1.0)
        for pair_of in ((zeros, zeros), (zeros, ones), (ones, zeros), (labels, [1 - label for label in labels])):
            near(student.f1(*pair_of), 0.0)
        near(student.f1([*labels, 1], [*zeros, 1]), reference.f1([*labels, 1], [*zeros, 1]))

    @weight(1)
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        series = [as_kind(column, "series", seed + 7 * turn) for turn, column in enumerate(pair(seed, size))]
        near(student.f1(*series), reference.f1(*series))

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(2, 20))
    def test_unchanged(self, student, reference, seed, size):
        """Labels and predictions are left as they were"""
        for labels, predictions in alike(seed, size):
            near(student.f1.unchanged(labels, predictions), reference.f1(labels, predictions))
