"""accuracy, confusion and f1."""

import numpy as np
import pandas as pd
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, expect, heart, hint, number, plain, same, task, weight

SEEDS = st.integers(0, 2**31)
some = settings(max_examples=6)
a_few = settings(max_examples=3)

# What the shared rules of the notebook say.
KINDS = (
    "Labels and predictions come as lists, Series or one-dimensional tensors of 0 and 1, "
    "and the two may be of different types."
)  # fmt: skip
POSITION = "They belong together by position, whatever an index says."
UNCHANGED = "A function leaves its arguments as they were"

CELLS = ((1, 1), (0, 1), (1, 0), (0, 0))
ONE_OF_61 = [1] + [0] * 60, [1] * 61
"""One true positive among sixty false ones: accuracy and F1 are small numbers that no rounding leaves as they are."""


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


def as_kind(values: list[int], kind: str, seed: int = 0):
    """`values` as a list, a Series with the usual index, or a tensor."""
    if kind == "series":
        return pd.Series(values, dtype="int64")
    return torch.tensor(values, dtype=(torch.int64, torch.int32)[seed % 2]) if kind == "tensor" else values


def each_kind(seed: int, size: int):
    """The same labels and predictions as Series and tensors, alike and mixed, with lists too."""
    labels, predictions = pair(seed, size)
    for first, second in (
        ("series", "series"),
        ("tensor", "tensor"),
        ("list", "tensor"),
        ("series", "list"),
        ("tensor", "series"),
    ):
        yield as_kind(labels, first, seed), as_kind(predictions, second, seed + 1)


def any_index(seed: int, size: int):
    """Two Series (ten or more) whose indexes are of no use: out of order, and without a label in common; and one beside a list."""
    values = pair(seed, size)
    first, second = (
        pd.Series(column, index=index) for column, index in zip(values, indexes(*values, seed), strict=True)
    )
    return (
        (first, second),
        (first.set_axis(range(size)), second.set_axis(range(1, size + 1))),
        (first, values[1]),
        (values[0], second),
    )


def right(answer, expected):
    """A float; one that was rounded to four digits passes here, and is found by `exact`."""
    number(answer, expected, rtol=0.0, atol=6e-5)


def exact(answer, expected):
    """A float, as exact as float32 arithmetic makes it."""
    number(answer, expected, rtol=5e-7, atol=1e-9)


def answers(answer):
    """There is an answer, whatever it is: one that raises for everything raises for the right thing by chance."""
    expect(answer is not None, "returned nothing")


@task("accuracy", points=2)
class TestAccuracy:
    @plain
    @heart
    @weight(5)
    @asks("The share of predictions that are right, compared by position.", topic="lists")
    @hint("Count the places where label and prediction agree, and divide by how many there are. Don't round.")
    @given(seed=SEEDS, size=st.integers(1, 60))
    def test_values(self, student, reference, seed, size):
        """The share of right predictions"""
        for length in (size, size + 10):
            labels, predictions = pair(seed, length)
            right(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))
        right(student.accuracy(labels, labels), 1.0)
        right(student.accuracy(labels, [1 - label for label in labels]), 0.0)

    @weight(1)
    @asks("Results are not rounded.", topic="small shares")
    @hint("One of 61 is 0.0163934…, not 0.0164: return the share as it is.")
    def test_small(self, student):
        """A small share is not rounded"""
        exact(student.accuracy(*ONE_OF_61), 1 / 61)

    @weight(2)
    @asks(KINDS, topic="Series and tensors")
    @hint("Lists, Series and tensors, and one of each: turn both into the same kind of thing first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            right(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))

    @weight(2)
    @asks(POSITION, topic="any index")
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        for labels, predictions in any_index(seed, size):
            right(student.accuracy(labels, predictions), reference.accuracy(labels, predictions))

    @weight(1)
    @asks("Raises ValueError if they are empty or of unequal length.", topic="nothing to compare")
    @hint("What would the share of nothing be? Raise a ValueError before you divide.", when="not_raised raised")
    def test_empty(self, student):
        """Nothing to compare raises ValueError"""
        answers(student.accuracy([1, 0], [1, 1]))
        student.accuracy.raises(ValueError, [], [])

    @weight(1.5)
    @asks("Raises ValueError if they are empty or of unequal length.", topic="unequal lengths")
    @hint(
        "Compare the lengths before the values: some tools stop at the shorter one, others stretch it.",
        when="not_raised raised",
    )
    def test_unequal(self, student):
        """Unequal lengths raise ValueError"""
        labels, predictions = [1, 0, 1, 1, 0], [1, 1, 1, 0, 0]
        answers(student.accuracy(labels, predictions))
        for cut in (0, 1, 3, 4):
            student.accuracy.raises(ValueError, labels[:cut], predictions)
            student.accuracy.raises(ValueError, labels, predictions[:cut])

    @weight(0.5)
    @asks("Raises ValueError if they are empty or of unequal length.", topic="lengths of Series and tensors")
    @hint("Compare lengths yourself: what torch and pandas do is not what they do for lists.", when="not_raised raised")
    def test_other_lengths(self, student):
        """Empty or unequal Series and tensors raise ValueError"""
        for kind in ("series", "tensor"):
            labels, predictions = as_kind([1, 0, 1], kind), as_kind([1, 1, 0], kind)
            answers(student.accuracy(labels, predictions))
            student.accuracy.raises(ValueError, labels[:0], predictions[:0])
            student.accuracy.raises(ValueError, labels[:2], predictions)
            student.accuracy.raises(ValueError, labels, predictions[:1])

    @weight(0.5)
    @asks(UNCHANGED, topic="arguments")
    @hint("Work on copies of the labels and predictions.")
    def test_unchanged(self, student, reference):
        """Labels and predictions are left as they were"""
        for kind in ("list", "series", "tensor"):
            both = [as_kind([0, 1, 0, 1, 1], kind), as_kind([1, 1, 0, 0, 1], kind)]
            if kind == "series":
                both = [values.set_axis([5, 3, 8, 1, 2]) for values in both]
            right(student.accuracy.unchanged(*both), reference.accuracy(*both))


@task("confusion", points=2)
class TestConfusion:
    @plain
    @weight(2)
    @asks("How often each combination of label and prediction occurs", topic="tp and tn")
    @hint("tp counts the places where both are 1, tn those where both are 0.")
    @given(seed=SEEDS, size=st.integers(10, 60))
    def test_right(self, student, reference, seed, size):
        """The two counts of right predictions, tp and tn"""
        for turn in (0, 1):
            labels, predictions = pair(seed + turn, size)
            expected = reference.confusion(labels, predictions)
            same(student.confusion(labels, predictions), {name: expected[name] for name in ("tp", "tn")})

    @plain
    @heart
    @weight(3)
    @asks("The second letter says what was *predicted*, the first whether that was true.", topic="fp and fn")
    @hint("fp was predicted 1 and is 0, fn was predicted 0 and is 1.")
    @given(seed=SEEDS, size=st.integers(10, 60))
    def test_wrong(self, student, reference, seed, size):
        """The two counts of wrong predictions, fp and fn"""
        for turn in (0, 1):
            labels, predictions = pair(seed + turn, size)
            expected = reference.confusion(labels, predictions)
            same(student.confusion(labels, predictions), {name: expected[name] for name in ("fp", "fn")})

    @weight(2)
    @asks(KINDS, topic="Series and tensors")
    @hint("Lists, Series and tensors, and one of each: turn both into the same kind of thing first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            same(student.confusion(labels, predictions), reference.confusion(labels, predictions))

    @weight(1.5)
    @asks("a cell that stays empty counts 0", topic="empty cells")
    @hint("A count of 0 is a count: all four names are always there.")
    def test_zeros(self, student, reference):
        """Cells that stay empty count 0"""
        for label, said, size in ((1, 1, 3), (0, 0, 1), (0, 1, 4), (1, 0, 2)):
            same(student.confusion([label] * size, [said] * size), reference.confusion([label] * size, [said] * size))
        same(student.confusion([1, 0, 0], [1, 0, 0]), {"tp": 1, "fp": 0, "tn": 2, "fn": 0})

    @weight(1.5)
    @asks(POSITION, topic="any index")
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        for labels, predictions in any_index(seed, size):
            same(student.confusion(labels, predictions), reference.confusion(labels, predictions))

    @weight(0.5)
    @asks(UNCHANGED, topic="arguments")
    @hint("Work on copies of the labels and predictions.")
    def test_unchanged(self, student, reference):
        """Labels and predictions are left as they were"""
        for kind in ("list", "series", "tensor"):
            both = [as_kind([0, 1, 0, 1, 1], kind), as_kind([1, 1, 0, 0, 1], kind)]
            if kind == "series":
                both = [values.set_axis([5, 3, 8, 1, 2]) for values in both]
            same(student.confusion.unchanged(*both), reference.confusion(*both))


@task("f1", points=2)
class TestF1:
    @plain
    @heart
    @weight(4.5)
    @asks("The harmonic mean of precision and recall for the label 1.", topic="lists")
    @hint(
        "Twice precision times recall over their sum; precision asks about what was predicted, recall about what is there."
    )
    @given(seed=SEEDS, size=st.integers(10, 70))
    def test_values(self, student, reference, seed, size):
        """The harmonic mean of precision and recall"""
        for turn in (0, 1):
            labels, predictions = pair(seed + turn, size)
            right(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(1)
    @asks("Results are not rounded.", topic="small values")
    @hint("Return the value as it is, and add nothing to a denominator: a small number there shows.")
    def test_small(self, student):
        """A small value is not rounded"""
        exact(student.f1(*ONE_OF_61), 1 / 31)

    @weight(1)
    @asks("recall is perfect", topic="perfect precision or recall")
    @hint("Precision or recall may be 1: the formula holds there as everywhere.")
    @some
    @given(ones=st.integers(1, 9), zeros=st.integers(1, 9))
    def test_perfect(self, student, reference, ones, zeros):
        """Perfect precision, perfect recall, or both"""
        labels = [1] * ones + [0] * zeros + [1]
        right(student.f1(labels, labels), 1.0)
        for other in ([1] * len(labels), [0] * (len(labels) - 1) + [1]):
            right(student.f1(labels, other), reference.f1(labels, other))
            right(student.f1(other, labels), reference.f1(other, labels))

    @weight(2)
    @asks("0.0 where precision and recall are both 0 or undefined.", topic="no true positive")
    @hint("With no true positive at all there is no division to make: the answer is 0.0.", when="values raised")
    def test_zero(self, student):
        """Without a true positive it is 0.0, not an error"""
        right(student.f1([1, 1], [1, 1]), 1.0)
        labels = [1, 0, 0, 1, 0]
        ones, zeros = [1] * 5, [0] * 5
        for pair_of in ((zeros, zeros), (zeros, ones), (ones, zeros), (labels, [1 - label for label in labels])):
            right(student.f1(*pair_of), 0.0)

    @weight(1.5)
    @asks(KINDS, topic="Series and tensors")
    @hint("Lists, Series and tensors, and one of each: turn both into the same kind of thing first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_kinds(self, student, reference, seed, size):
        """Lists, Series and tensors, in any combination"""
        for labels, predictions in each_kind(seed, size):
            right(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(1.5)
    @asks(POSITION, topic="any index")
    @hint("pandas lines up two Series by their index before it compares them. Here the first belongs to the first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(10, 40))
    def test_position(self, student, reference, seed, size):
        """Two Series are compared by position, whatever their index says"""
        for labels, predictions in any_index(seed, size):
            right(student.f1(labels, predictions), reference.f1(labels, predictions))

    @weight(0.5)
    @asks(UNCHANGED, topic="arguments")
    @hint("Work on copies of the labels and predictions.")
    def test_unchanged(self, student, reference):
        """Labels and predictions are left as they were"""
        for kind in ("list", "series", "tensor"):
            both = [as_kind([0, 1, 0, 1, 1], kind), as_kind([1, 1, 0, 0, 1], kind)]
            if kind == "series":
                both = [values.set_axis([5, 3, 8, 1, 2]) for values in both]
            right(student.f1.unchanged(*both), reference.f1(*both))
