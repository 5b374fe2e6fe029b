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


CELLS = ((1, 1), (0, 1), (1, 0), (0, 0))


def pair(seed: int, size: int) -> tuple[list[int], list[int]]:
    """Labels and predictions.  From ten on each of the four combinations comes, each another number of times, and neither column is
    sorted: exchanged cells, and values that are put in order, always tell."""
    rng = np.random.default_rng(seed)
    while True:
        counts = rng.multinomial(size, rng.dirichlet((2, 2, 2, 2))).tolist()
        both = rng.permutation(np.repeat(CELLS, counts, axis=0))
        changes = np.diff(both, axis=0)
        if size < 10 or (len({0, *counts}) == 5 and (changes.min(0) < 0).all() and (changes.max(0) > 0).all()):
            return both[:, 0].tolist(), both[:, 1].tolist()


def indexes(labels: list[int], predictions: list[int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """An index for each of ten or more, such that lining up one of them or both by it gives another number of true positives."""
    rng = np.random.default_rng(seed)
    y, p = np.array(labels), np.array(predictions)
    while True:
        first, second = rng.permutation(len(y)), rng.permutation(len(p))
        moved = y[first.argsort()], p[second.argsort()]
        if (y * p).sum() not in {(moved[0] * p).sum(), (y * moved[1]).sum(), (moved[0] * moved[1]).sum()}:
            return first, second


def as_kind(values: list[int], kind: str, seed: int, index: np.ndarray | None = None):
    """`values` as a list, a Series with an index of its own, or a tensor."""
    if kind == "series":
        index = np.random.default_rng(seed).permutation(len(values)) if index is None else index
        return pd.Series(values, index=index, dtype="int64")
    return torch.tensor(values, dtype=(torch.int64, torch.int32)[seed % 2]) if kind == "tensor" else values


def alike(seed: int, size: int):
    """The same labels and predictions as two lists, two Series and two tensors."""
    for kind in KINDS:
        yield tuple(as_kind(values, kind, seed + turn) for turn, values in enumerate(pair(seed, size)))


def each_kind(seed: int, size: int):
    """The same labels and predictions (ten or more) as lists, Series and tensors, alike and mixed."""
    labels, predictions = pair(seed, size)
    one, other = indexes(labels, predictions, seed)
    for first, second in (
        ("series", "series"),
        ("tensor", "tensor"),
        ("list", "tensor"),
        ("series", "list"),
        ("tensor", "series"),
    ):
        yield as_kind(labels, first, seed, one), as_kind(predictions, second, seed + 1, other)


def two_series(seed: int, size: int) -> list[pd.Series]:
    """Labels and predictions (ten or more) as Series whose indexes are of no use."""
    values = pair(seed, size)
    return [pd.Series(column, index=index) for column, index in zip(values, indexes(*values, seed), strict=True)]


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
        for length in (size, size + 10):
            labels, predictions = pair(seed, length)
            exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))
        exact(student.accuracy(labels, labels), 1.0)
        exact(student.accuracy(labels, [1 - label for label in labels]), 0.0)

    @weight(1)
    @hint("Lists, Series and tensors, and one of each: turn both into the same kind of thing first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            exact(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))

    @weight(2)
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        permuted = two_series(seed, size)
        exact(student.accuracy(*permuted), reference.accuracy(*permuted))
        apart = [series.set_axis(range(turn, size + turn)) for turn, series in enumerate(permuted)]
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
            student.accuracy.raises(ValueError, labels, predictions[:0])

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 20))
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
        for length in (size, size + 10):
            labels, predictions = pair(seed, length)
            same(student.confusion(labels, predictions), reference.confusion(labels, predictions))

    @weight(1)
    @hint("Lists, Series and tensors, and one of each. The counts are ints all the same.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
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
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        series = two_series(seed, size)
        same(student.confusion(*series), reference.confusion(*series))

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 20))
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
        for length in (size, size + 10):
            labels, predictions = pair(seed, length)
            near(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(1)
    @hint("Lists, Series and tensors, and one of each. The answer is a Python float all the same.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
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
        labels = [1, 0, *pair(seed, size)[0]]
        ones, zeros = [1] * len(labels), [0] * len(labels)
        near(student.f1(ones, ones), 1.0)
        for pair_of in ((zeros, zeros), (zeros, ones), (ones, zeros), (labels, [1 - label for label in labels])):
            near(student.f1(*pair_of), 0.0)
        few, many = [*zeros, 1], [*labels, 1]
        for pair_of in ((many, few), (few, many)):
            near(student.f1(*pair_of), reference.f1(*pair_of))

    @weight(1)
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        series = two_series(seed, size)
        near(student.f1(*series), reference.f1(*series))

    @weight(1)
    @hint("Work on copies.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 20))
    def test_unchanged(self, student, reference, seed, size):
        """Labels and predictions are left as they were"""
        for labels, predictions in alike(seed, size):
            near(student.f1.unchanged(labels, predictions), reference.f1(labels, predictions))
