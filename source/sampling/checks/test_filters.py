"""apply_temperature and top_k_filter.

Each region of the inputs (float64, whole numbers, -inf, leading dimensions, the ends of a range) has a check of its own, whose inputs
are ordinary in every other way: a mistake in one region costs that check and no other."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, close, expect, float_tensors, heart, hint, plain, task, weight

FULL = (torch.float32, torch.float64)
NARROW = (torch.float32,)
FEW = settings(max_examples=6)
ONCE = settings(max_examples=1)
NAMED = "Where a task asks for a `ValueError`, its text contains the bad value"
EXACT = "float64 is computed in float64"
NUMPY_INTEGERS = "NumPy's integers work wherever an int is asked for"
UNCHANGED = "Arguments stay as they were"
ROUGHLY = {"rtol": 1e-5, "atol": 1e-5}
"""For float64 in checks whose subject is something else: how exactly it is computed is judged once."""
SCORES = torch.tensor([1.5, -2.0, 0.25, 3.0, -0.5])
"""Ordinary scores for checks of errors, which take a value too: nothing is earned by an answer that only raises."""


def rows(**how):
    """Scores of one dimension."""
    return float_tensors(min_dims=1, max_dims=1, min_side=2, **how)


def whole_numbers(seed: int, *shape: int) -> torch.Tensor:
    """Whole numbers, no two of a row alike."""
    generator = torch.Generator().manual_seed(seed)
    return torch.argsort(torch.rand(shape, generator=generator), -1) * 3 - 4


@st.composite
def ladders(
    draw: st.DrawFn, leading: tuple[int, int] = (0, 0), side: tuple[int, int] = (3, 8), dtypes=NARROW
) -> torch.Tensor:
    """Scores with a clear order, some negative: in each row a ladder with uneven steps of at least 0.1, shuffled."""
    shape = draw(st.lists(st.integers(2, 3), min_size=leading[0], max_size=leading[1]))
    shape.append(draw(st.integers(*side)))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    step = draw(st.sampled_from((0.2, 0.6, 2.0)))
    ladder = step * (torch.arange(shape[-1]) + 0.5 * torch.rand(shape, generator=generator, dtype=torch.float64))
    lowest = 0.5 + 0.4 * torch.rand(shape[:-1], generator=generator, dtype=torch.float64)
    ladder = ladder - step * shape[-1] * lowest[..., None]
    order = torch.argsort(torch.rand(shape, generator=generator), -1)
    return ladder.gather(-1, order).to(draw(st.sampled_from(dtypes)))


@task("temperature", points=3)
class TestTemperature:
    @plain
    @heart
    @weight(7)
    @asks("every score divided by the temperature", topic="ordinary scores")
    @hint("Divide: a temperature below 1 drives the scores apart, one above 1 brings them together.")
    @given(logits=rows(dtypes=NARROW), temperature=st.sampled_from((0.5, 0.7, 1.3, 2.0)))
    def test_values(self, student, reference, logits, temperature):
        """The scores are divided by the temperature"""
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature(logits, temperature), expected, detached=True)

    @weight(1)
    @asks("any number of leading dimensions, none included", topic="leading dimensions")
    @hint("The division needs no loop over rows: the answer has the shape that came in.")
    @FEW
    @given(logits=float_tensors(min_dims=2, max_dims=4, min_side=2, max_side=3, dtypes=FULL))
    def test_rows(self, student, reference, logits):
        """Scores of any shape keep their shape"""
        close(student.apply_temperature(logits, 0.7), reference.apply_temperature(logits, 0.7), **ROUGHLY)

    @weight(1)
    @asks("any finite float above 0", topic="very low and very high temperatures")
    @hint("No limits: a temperature of 0.000001 and one of 50,000 divide like any other.")
    @FEW
    @given(logits=rows(dtypes=NARROW), temperature=st.sampled_from((0.002, 0.05, 3.0, 10.0, 800.0)))
    def test_range(self, student, reference, logits, temperature):
        """Temperatures near 0 and far above 1"""
        for one in (temperature, 1e-6, 5e4):
            close(
                student.apply_temperature(logits, one), reference.apply_temperature(logits, one), rtol=1e-5, atol=1e-9
            )

    @weight(1)
    @asks(EXACT, topic="float64")
    @hint("float64 scores are divided in float64: nothing is converted to float32 on the way, the temperature neither.")
    @FEW
    @given(logits=rows(dtypes=(torch.float64,)), temperature=st.sampled_from((0.3, 0.7, 1.3)))
    def test_precision(self, student, reference, logits, temperature):
        """float64 is computed in float64"""
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature(logits, temperature), expected, rtol=1e-13, atol=1e-14)

    @weight(2)
    @asks("float32 for integers", topic="integer scores")
    @hint("Integers become float32, with the fractions that a division leaves.")
    @FEW
    @given(seed=st.integers(0, 999), size=st.integers(3, 6), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, size, dtype):
        """Integers give float32"""
        logits = whole_numbers(seed, size).to(dtype)
        close(student.apply_temperature(logits, 0.7), reference.apply_temperature(logits, 0.7), dtype=torch.float32)

    @weight(1)
    @asks("A score of `-inf` (a token that is ruled out) stays `-inf`", topic="-inf")
    @hint("A token that has been ruled out stays ruled out at any temperature.")
    @FEW
    @given(seed=st.integers(0, 999), temperature=st.sampled_from((0.5, 0.7, 1.3, 2.0)), dtype=st.sampled_from(FULL))
    def test_ruled_out(self, student, reference, seed, temperature, dtype):
        """A score of -inf stays -inf, and the others are divided"""
        logits = whole_numbers(seed, 6).to(dtype) / 2
        logits[:2] = -math.inf
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature(logits, temperature), expected, **ROUGHLY)

    @weight(1)
    @asks("if it is not above 0 or not finite", topic="temperatures of 0 and below")
    @hint("At 0 there is nothing to divide by, and below 0 the worst token would become the best: raise a ValueError.")
    @ONCE
    @given(temperature=st.sampled_from((-0.25, -3.5, -1.0)))
    def test_not_positive(self, student, temperature):
        """A temperature of 0 or below raises ValueError"""
        close(student.apply_temperature(SCORES, 1.0), SCORES)
        student.apply_temperature.raises(ValueError, SCORES, 0.0)
        student.apply_temperature.raises(ValueError, SCORES, temperature)

    @weight(1)
    @asks("if it is not above 0 or not finite", topic="infinite and NaN temperatures")
    @hint("math.isfinite refuses infinity and NaN.")
    def test_not_finite(self, student):
        """A temperature that is not finite raises ValueError"""
        close(student.apply_temperature(SCORES, 1.0), SCORES)
        for temperature in (math.inf, math.nan, -math.inf):
            student.apply_temperature.raises(ValueError, SCORES, temperature)

    @weight(1)
    @asks(NAMED, topic="the text of the error")
    @hint("Put the temperature into the text, as in f'… not {temperature}'.")
    def test_named(self, student):
        """The error names the temperature"""
        close(student.apply_temperature(SCORES, 1.0), SCORES)
        student.apply_temperature.raises(ValueError, SCORES, -0.25, naming="-0.25")

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("/= and names that end in an underscore change the tensor that the caller still uses.")
    @FEW
    @given(logits=rows(dtypes=NARROW), temperature=st.sampled_from((0.5, 2.0)))
    def test_unchanged(self, student, reference, logits, temperature):
        """The scores are left as they were"""
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature.unchanged(logits, temperature), expected)


TIES = ((0, 2, 1), (0, 4, 3), (1, 3, 2), (2, 2, 3), (3, 4, 5))
"""How many scores are above the tied ones, how many are tied, and a k that takes some of the tied."""


@task("top-k", points=4)
class TestTopK:
    @plain
    @heart
    @weight(8)
    @asks(
        "the k largest scores of each row along the last dimension, in their places, and -inf elsewhere",
        topic="ordinary scores",
    )
    @hint("The k largest keep their scores and their places, everything else becomes -inf.")
    @given(logits=ladders(), data=st.data())
    def test_values(self, student, reference, logits, data):
        """The k largest stay, in their places, the rest become -inf"""
        k = data.draw(st.integers(1, logits.shape[-1] - 1))
        close(student.top_k_filter(logits, k), reference.top_k_filter(logits, k), detached=True)

    @weight(3)
    @asks("Each row along the last dimension is a distribution of its own", topic="leading dimensions")
    @hint("Any number of dimensions may stand before the vocabulary; each row has its own k largest.")
    @FEW
    @given(logits=ladders(leading=(1, 3), dtypes=FULL))
    def test_rows(self, student, reference, logits):
        """Every row by itself, under any number of dimensions"""
        close(student.top_k_filter(logits, 2), reference.top_k_filter(logits, 2), **ROUGHLY)
        apart = torch.tensor(
            [[[1.0, 2.0, 3.0, 4.0], [40.0, 30.0, 20.0, 10.0]], [[-9.0, -7.0, -8.0, -6.0], [0.0, 5.0, 0.5, 4.5]]]
        )
        for k in (2, 3):
            close(student.top_k_filter(apart, k), reference.top_k_filter(apart, k))

    @weight(1)
    @asks("If several scores tie for the last place you may keep exactly $k$ or all of the tied ones", topic="ties")
    @hint("Several may share the k-th place: keep enough of them for k, or all of them, but nothing below.")
    @settings(max_examples=3)
    @given(seed=st.integers(0, 2**31))
    def test_tie(self, student, seed):
        """On a tie for the last place exactly k stay, or all of the tied"""
        for above, tied, k in TIES:
            row = torch.tensor([*range(2, 2 + above), *[1.25] * tied, 0.5, -0.75, -8.0])
            logits = row[torch.randperm(len(row), generator=torch.Generator().manual_seed(seed))]
            answer = student.top_k_filter(logits, k)
            kept = torch.isfinite(torch.as_tensor(answer)).reshape(logits.shape)
            close(answer, logits.masked_fill(~kept, -math.inf))
            expect(bool(kept[logits > 1.25].all()), "a score that belongs to the k largest was dropped")
            expect(not bool(kept[logits < 1.25].any()), "a score below the k largest was kept")
            expect(
                int(kept.sum()) in {k, above + tied}, f"kept {int(kept.sum())} scores; expected {k} or {above + tied}"
            )

    @weight(1)
    @asks("If k is V or more, nothing is ruled out", topic="a k as large as the vocabulary")
    @hint("torch.topk refuses a k that is larger than the vocabulary.", when="values raised")
    @FEW
    @given(logits=ladders(), extra=st.sampled_from((1, 2, 50_000)))
    def test_all(self, student, reference, logits, extra):
        """A k of the vocabulary's size or more changes nothing"""
        for k in (logits.shape[-1], logits.shape[-1] + extra):
            close(student.top_k_filter(logits, k), logits, rtol=0, atol=0)
        fewer = logits.shape[-1] - 1
        close(student.top_k_filter(logits, fewer), reference.top_k_filter(logits, fewer))

    @weight(1)
    @asks("if k is less than 1", topic="a k below 1")
    @hint("With a k of 0 or below nothing would be left to draw: raise a ValueError.")
    @ONCE
    @given(k=st.sampled_from((-1, -2, -17)))
    def test_bad_k(self, student, k):
        """A k below 1 raises ValueError"""
        close(student.top_k_filter(SCORES, 5), SCORES)
        for bad in (0, -1, k):
            student.top_k_filter.raises(ValueError, SCORES, bad)

    @weight(1)
    @asks(NAMED, topic="the text of the error")
    @hint("Put k into the text, as in f'… not {k}'.")
    def test_named(self, student):
        """The error names k"""
        close(student.top_k_filter(SCORES, 5), SCORES)
        student.top_k_filter.raises(ValueError, SCORES, -17, naming="-17")

    @weight(1)
    @asks(NUMPY_INTEGERS, topic="integers from NumPy")
    @hint("np.int64 is no subclass of int: numbers.Integral covers both.", when="raised values")
    @FEW
    @given(logits=ladders(side=(4, 8)), k=st.integers(1, 3), kind=st.sampled_from((np.int64, np.int32)))
    def test_numpy_k(self, student, reference, logits, k, kind):
        """NumPy integers work"""
        close(student.top_k_filter(logits, kind(k)), reference.top_k_filter(logits, k))

    @weight(1)
    @asks(EXACT, topic="float64")
    @hint("Scores that float32 cannot tell apart are different numbers in float64.")
    @FEW
    @given(logits=ladders(), data=st.data())
    def test_precision(self, student, reference, logits, data):
        """float64 is computed in float64"""
        k = data.draw(st.integers(1, logits.shape[-1] - 1))
        fine = 3.0 + logits.double() * 1e-9
        close(student.top_k_filter(fine, k), reference.top_k_filter(fine, k), rtol=0, atol=0)

    @weight(2)
    @asks("float32 for integers", topic="integer scores")
    @hint("There is no -inf among integers: convert to float32 first.", when="raised values")
    @FEW
    @given(seed=st.integers(0, 999), k=st.integers(1, 4), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, k, dtype):
        """Integers give float32"""
        logits = whole_numbers(seed, 5).to(dtype)
        close(student.top_k_filter(logits, k), reference.top_k_filter(logits, k), dtype=torch.float32)
        close(student.top_k_filter(logits, 5), logits.float(), dtype=torch.float32)

    @weight(1)
    @asks("A score that is `-inf` already stays `-inf`", topic="-inf")
    @hint("What another filter has ruled out is still -inf afterwards, even if fewer than k are left.")
    @FEW
    @given(logits=ladders(side=(5, 8)), k=st.integers(1, 2))
    def test_ruled_out(self, student, reference, logits, k):
        """A score of -inf stays -inf"""
        masked = logits.clone()
        masked[:3] = -math.inf
        fewer = len(logits) - 1  # less than the size, and more than are left
        for one in (k, fewer):
            close(student.top_k_filter(masked, one), reference.top_k_filter(masked, one))

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Write the -inf into a copy.")
    @FEW
    @given(logits=ladders(), k=st.integers(1, 2))
    def test_unchanged(self, student, reference, logits, k):
        """The scores are left as they were"""
        close(student.top_k_filter.unchanged(logits, k), reference.top_k_filter(logits, k))
