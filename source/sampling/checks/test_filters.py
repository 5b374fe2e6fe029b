"""apply_temperature and top_k_filter."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import close, expect, float_tensors, hint, task, weight

FULL = (torch.float32, torch.float64)
TEMPERATURES = st.sampled_from((0.05, 0.3, 0.7, 1.3, 2.0, 10.0))
FEW = settings(max_examples=8)


def integers_from(seed: int, *shape: int) -> torch.Tensor:
    """Whole numbers, no two of a row alike."""
    generator = torch.Generator().manual_seed(seed)
    return torch.argsort(torch.rand(shape, generator=generator), -1) * 3 - 4


@st.composite
def ladders(draw: st.DrawFn, dims: tuple[int, int] = (1, 3), side: tuple[int, int] = (2, 8)) -> torch.Tensor:
    """Scores with a clear order: in each row a ladder with uneven steps of at least 0.1, shuffled."""
    shape = draw(st.lists(st.integers(1, 4), min_size=dims[0] - 1, max_size=dims[1] - 1))
    shape.append(draw(st.integers(*side)))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    step = draw(st.sampled_from((0.2, 0.6, 2.0)))
    ladder = step * (torch.arange(shape[-1]) + 0.5 * torch.rand(shape, generator=generator, dtype=torch.float64))
    ladder = ladder - step * shape[-1] * torch.rand(shape[:-1], generator=generator, dtype=torch.float64)[..., None]
    order = torch.argsort(torch.rand(shape, generator=generator), -1)
    return ladder.gather(-1, order).to(draw(st.sampled_from(FULL)))


@task("temperature", points=3)
class TestTemperature:
    @weight(3)
    @hint("Divide: a temperature below 1 drives the scores apart, one above 1 brings them together.")
    @given(logits=float_tensors(dtypes=FULL), temperature=TEMPERATURES)
    def test_values(self, student, reference, logits, temperature):
        """Scores of any shape are scaled"""
        close(student.apply_temperature(logits, temperature), reference.apply_temperature(logits, temperature))

    @weight(1)
    @hint("float64 scores deserve an answer that is worked in float64.")
    @FEW
    @given(logits=float_tensors(dtypes=(torch.float64,)), temperature=st.sampled_from((0.3, 0.7, 1.3)))
    def test_precision(self, student, reference, logits, temperature):
        """float64 stays as exact as float64"""
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature(logits, temperature), expected, rtol=1e-13, atol=1e-14)

    @weight(1)
    @hint("Whole numbers become float32, with their fractions.")
    @FEW
    @given(seed=st.integers(0, 999), size=st.integers(2, 6), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, size, dtype):
        """Whole numbers give float32"""
        logits = integers_from(seed, 2, size).to(dtype)
        close(student.apply_temperature(logits, 0.7), reference.apply_temperature(logits, 0.7), dtype=torch.float32)

    @weight(1)
    @hint("A token that has been ruled out stays ruled out at any temperature.")
    @FEW
    @given(logits=float_tensors(min_side=2, dtypes=FULL, neg_inf=True), temperature=TEMPERATURES)
    def test_ruled_out(self, student, reference, logits, temperature):
        """A score of -inf stays -inf, and the others are scaled"""
        close(student.apply_temperature(logits, temperature), reference.apply_temperature(logits, temperature))
        one = torch.tensor([1.5, -math.inf, -0.5], dtype=logits.dtype)
        close(student.apply_temperature(one, temperature), reference.apply_temperature(one, temperature))

    @weight(1)
    @hint("At 0 there is nothing to divide by, below 0 the worst would become the best: say which temperature it was.")
    @settings(max_examples=3)
    @given(logits=float_tensors(dtypes=FULL))
    def test_not_positive(self, student, reference, logits):
        """A temperature of 0 or below raises ValueError and names it"""
        close(student.apply_temperature(logits, 0.01), reference.apply_temperature(logits, 0.01))
        for temperature in (-0.25, -3.5):
            student.apply_temperature.raises(ValueError, logits, temperature, naming=str(temperature))
        student.apply_temperature.raises(ValueError, logits, 0.0, naming="0")

    @weight(1)
    @hint("math.isfinite knows infinity and NaN.")
    @settings(max_examples=3)
    @given(logits=float_tensors(dtypes=FULL))
    def test_not_finite(self, student, reference, logits):
        """A temperature that is not finite raises ValueError and names it"""
        close(student.apply_temperature(logits, 5e4), reference.apply_temperature(logits, 5e4), rtol=1e-5, atol=1e-9)
        for temperature in (math.inf, math.nan, -math.inf):
            student.apply_temperature.raises(ValueError, logits, temperature, naming=str(temperature))

    @weight(1)
    @hint("/= changes the tensor that the caller still uses.")
    @FEW
    @given(logits=float_tensors(min_side=2, dtypes=FULL, neg_inf=True), temperature=TEMPERATURES)
    def test_unchanged(self, student, reference, logits, temperature):
        """The scores are left as they were"""
        expected = reference.apply_temperature(logits, temperature)
        close(student.apply_temperature.unchanged(logits, temperature), expected)


@task("top-k", points=4)
class TestTopK:
    @weight(3)
    @hint("The k largest of each row keep their scores, everything else becomes -inf.")
    @given(logits=ladders(), data=st.data())
    def test_values(self, student, reference, logits, data):
        """The k largest stay, in their places, the rest become -inf"""
        k = data.draw(st.integers(1, logits.shape[-1] - 1))
        close(student.top_k_filter(logits, k), reference.top_k_filter(logits, k))

    @weight(1)
    @hint("Any number of dimensions may stand before the vocabulary; each row has its own k largest.")
    @FEW
    @given(logits=ladders(dims=(3, 5), side=(3, 6)))
    def test_rows(self, student, reference, logits):
        """Every row by itself, under any number of dimensions"""
        close(student.top_k_filter(logits, 2), reference.top_k_filter(logits, 2))
        row = logits.reshape(-1, logits.shape[-1])[0]
        close(student.top_k_filter(row, 2), reference.top_k_filter(row, 2))

    @weight(1)
    @hint("The k-th place may be taken by several: keep enough of them for k, or all of them, but nothing below.")
    @given(data=st.data(), seed=st.integers(0, 2**31), dtype=st.sampled_from(FULL))
    def test_tie(self, student, data, seed, dtype):
        """On a tie for the last place exactly k stay, or all of the tied"""
        above, tied = data.draw(st.integers(0, 3)), data.draw(st.integers(2, 4))
        k = above + data.draw(st.integers(1, tied - 1))
        row = torch.tensor([*range(2, 2 + above), *[1.25] * tied, 0.5, -0.75, -8.0], dtype=dtype)
        logits = row[torch.randperm(len(row), generator=torch.Generator().manual_seed(seed))]
        answer = student.top_k_filter(logits, k)
        kept = torch.isfinite(answer) if isinstance(answer, torch.Tensor) else torch.zeros(0)
        close(answer, logits.masked_fill(~kept, -math.inf) if kept.shape == logits.shape else logits)
        expect(bool(kept[logits > 1.25].all()), "a score that belongs to the k largest was dropped")
        expect(not bool(kept[logits < 1.25].any()), "a score below the k largest was kept")
        expect(int(kept.sum()) in {k, above + tied}, f"{int(kept.sum())} scores were kept, not {k} or {above + tied}")

    @weight(1)
    @hint("torch.topk refuses a k that is larger than the vocabulary.")
    @FEW
    @given(logits=ladders(), extra=st.sampled_from((0, 1, 50_000)))
    def test_all(self, student, reference, logits, extra):
        """A k of the vocabulary's size or more changes nothing"""
        close(student.top_k_filter(logits, logits.shape[-1] + extra), logits, rtol=0, atol=0)
        close(student.top_k_filter(logits, 1), reference.top_k_filter(logits, 1))

    @weight(1)
    @hint("Which k makes no sense? Raise a ValueError whose text says which k it was.")
    @settings(max_examples=3)
    @given(logits=ladders())
    def test_bad_k(self, student, reference, logits):
        """A k below 1 raises ValueError and names it"""
        close(student.top_k_filter(logits, 1), reference.top_k_filter(logits, 1))
        for k in (0, -1, -17):
            student.top_k_filter.raises(ValueError, logits, k, naming=str(k))

    @weight(1)
    @hint("A k that comes out of NumPy is a whole number too: numbers.Integral covers both.")
    @FEW
    @given(logits=ladders(side=(4, 8)), k=st.integers(1, 3), kind=st.sampled_from((np.int64, np.int32)))
    def test_numpy_k(self, student, reference, logits, k, kind):
        """NumPy's whole numbers are whole numbers"""
        close(student.top_k_filter(logits, kind(k)), reference.top_k_filter(logits, k))

    @weight(1)
    @hint("Scores that float32 cannot tell apart are different numbers in float64.")
    @FEW
    @given(logits=ladders(side=(3, 8)), data=st.data())
    def test_precision(self, student, reference, logits, data):
        """float64 is worked in float64"""
        k = data.draw(st.integers(1, logits.shape[-1] - 1))
        fine = 3.0 + logits.double() * 1e-9
        close(student.top_k_filter(fine, k), reference.top_k_filter(fine, k), rtol=0, atol=0)

    @weight(1)
    @hint("There is no -inf among whole numbers: convert to float32 first.")
    @FEW
    @given(seed=st.integers(0, 999), k=st.integers(1, 4), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, k, dtype):
        """Whole numbers give float32"""
        logits = integers_from(seed, 2, 5).to(dtype)
        close(student.top_k_filter(logits, k), reference.top_k_filter(logits, k), dtype=torch.float32)
        close(student.top_k_filter(logits, 9), logits.float(), dtype=torch.float32)

    @weight(1)
    @hint("What another filter has ruled out is still -inf afterwards, even if fewer than k are left.")
    @FEW
    @given(logits=ladders(side=(4, 8)), k=st.integers(1, 6))
    def test_ruled_out(self, student, reference, logits, k):
        """A score of -inf stays -inf"""
        masked = logits.clone()
        masked[..., :3] = -math.inf
        close(student.top_k_filter(masked, k), reference.top_k_filter(masked, k))
        fewer = logits.shape[-1] - 1  # than the size, and more than are left
        close(student.top_k_filter(masked, fewer), reference.top_k_filter(masked, fewer))
        close(student.top_k_filter(logits, 2), reference.top_k_filter(logits, 2))

    @weight(1)
    @hint("Write the -inf into a copy.")
    @FEW
    @given(logits=ladders(side=(3, 8)), k=st.integers(1, 2))
    def test_unchanged(self, student, reference, logits, k):
        """The scores are left as they were"""
        close(student.top_k_filter.unchanged(logits, k), reference.top_k_filter(logits, k))
