"""softmax and log_softmax."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.checks import asks, close, float_tensors, forbids, heart, hint, plain, task, weight

READY_MADE = (
    *(f"torch.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.Tensor.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.nn.functional.{name}" for name in ("softmax", "log_softmax", "softmin", "gumbel_softmax")),
    *(f"torch.nn.{name}" for name in ("Softmax", "LogSoftmax", "Softmin", "Softmax2d")),
    *(f"torch.special.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.masked.{name}" for name in ("softmax", "log_softmax", "logsumexp", "softmin")),
    *(f"torch.sparse.{name}" for name in ("softmax", "log_softmax")),
    *(f"torch.nn.functional.{name}" for name in ("scaled_dot_product_attention", "multi_head_attention_forward")),
    *(f"torch.nn.{name}" for name in ("MultiheadAttention", "TransformerEncoderLayer", "AdaptiveLogSoftmaxWithLoss")),
    "torch.nn.attention.*",
    *(f"torch.distributions{name}" for name in (".SoftmaxTransform", ".transforms.SoftmaxTransform")),
    "torch.distributions.transforms.SoftmaxTransform._call",
    *(f"{owner}.logcumsumexp" for owner in ("torch", "torch.Tensor")),
    *(f"numpy.{name}.{way}" for name in ("logaddexp", "logaddexp2") for way in ("reduce", "accumulate", "reduceat")),
    "torch._refs.*",
    *(f"torch._refs.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch._refs.special.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch._refs.nn.functional.{name}" for name in ("softmax", "log_softmax", "softmin")),
    "torch._decomp.*",
    *(f"torch._decomp.decompositions.{name}" for name in ("_softmax", "_log_softmax")),
    "scipy.special.*",
    "sklearn.utils.extmath.softmax",
    "sklearn.utils._array_api._logsumexp",
    "sklearn.neural_network._base.*",
    *(f"sklearn._loss.loss.HalfMultinomialLoss.{name}" for name in ("predict_proba", "__call__", "loss")),
    *(f"transformers.pipelines.{name}_classification.softmax" for name in ("text", "image")),
)
HALF = (torch.float16, torch.bfloat16)
FULL = (torch.float32, torch.float64)
FLOAT32 = (torch.float32,)


def also(**inputs: Iterable[Any]) -> Callable[[Any], Any]:
    """A check is asked with these values of one argument too, whatever the seed."""
    ((name, values),) = inputs.items()

    def add(check: Any) -> Any:
        for value in values:
            check = example(**{name: value})(check)
        return check

    return add


@st.composite
def tensors_and_dims(draw: st.DrawFn, **options: object) -> tuple[torch.Tensor, int]:
    logits = draw(float_tensors(**options))  # type: ignore[arg-type]
    return logits, draw(st.integers(-logits.dim(), logits.dim() - 1))


def integers_from(seed: int, *shape: int) -> torch.Tensor:
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed))


KNOWN = (
    torch.tensor([0.0, math.log(3.0)]),
    torch.tensor([1.3, -0.7, 0.25, 4.0]),
    torch.tensor([10.0, -10.0]),
    torch.tensor([[0.0, 1.0, 2.5], [3.0, 3.0, -1.0]]),
)
"""Ordinary scores that are always asked, beside those that are drawn."""
BLOCK = torch.linspace(-3.0, 3.0, 24).reshape(2, 3, 4).square() - torch.arange(24.0).reshape(2, 3, 4) / 7
APART = torch.tensor([[0.0, 1.0, 0.5], [1000.0, 1001.0, 999.0], [-5000.0, -5000.0, -5001.0]])
"""Slices that lie far from each other: one maximum does not do for all."""
ANY_DIM = tuple((BLOCK, dim) for dim in range(-3, 3))
MASKED = torch.tensor([[0.5, -math.inf, 2.0], [-math.inf, 1.0, -math.inf]])
RULED_OUT = ((MASKED[0], -1), (MASKED, -1))
DIGITS = torch.tensor([0.1, 0.7, -1.3], dtype=torch.float64)


@task("softmax", points=5)
@forbids(*READY_MADE, why="The task is to write it from its definition.")
class TestSoftmax:
    @heart
    @plain
    @weight(24)
    @asks("Probabilities from scores, along one dimension.", topic="ordinary scores")
    @hint("Raise e to each score, then divide by the total along dim.")
    @settings(max_examples=8)
    @also(logits=KNOWN)
    @given(logits=float_tensors(dtypes=FLOAT32))
    def test_probabilities(self, student, reference, logits):
        """Scores become probabilities along the last dimension"""
        close(student.softmax(logits), reference.softmax(logits))

    @plain
    @weight(13)
    @asks("dim: an int, counted from the front or from the back.", topic="any dim")
    @hint(
        "dim may be any dimension, counted from the front or from the back; both the total and what you subtract run along it."
    )
    @settings(max_examples=8)
    @also(case=ANY_DIM)
    @given(case=tensors_and_dims(min_dims=2, max_dims=4, min_side=2, max_side=4, dtypes=FLOAT32))
    def test_dim(self, student, reference, case):
        """Any dimension, from either end, gives the values of its slices"""
        logits, dim = case
        close(student.softmax(logits, dim), reference.softmax(logits, dim))
        close(student.softmax(logits, dim=dim), reference.softmax(logits, dim))

    @plain
    @weight(3)
    @asks("logits: a tensor of any shape", topic="a whole vocabulary")
    @hint("Thousands of small shares have to add up to 1 as well.")
    @settings(max_examples=3)
    @given(seed=st.integers(0, 999))
    def test_vocabulary(self, student, reference, seed):
        """A whole vocabulary"""
        logits = torch.randn(50_257, generator=torch.Generator().manual_seed(seed)) * 4
        close(student.softmax(logits), reference.softmax(logits), rtol=1e-3, atol=1e-8)

    @weight(20)
    @asks("Finite for scores of +-10,000.", topic="large scores")
    @hint(
        "e to the power of 89 is already too large for float32. Which number can you subtract from a slice without changing the result?"
    )
    @settings(max_examples=8)
    @also(logits=(torch.tensor([0.0, 1000.0]), torch.tensor([-1e4, 1e4, 9999.0, -9000.0]), APART))
    @given(logits=float_tensors(-1e4, 1e4, dtypes=FLOAT32))
    def test_large(self, student, reference, logits):
        """Large scores do not overflow"""
        close(student.softmax(logits), reference.softmax(logits))

    @weight(4)
    @asks("of any floating dtype (half precision and float64 too)", topic="large scores in half precision")
    @hint("Half precision overflows far earlier than float32.")
    @settings(max_examples=6)
    @given(seed=st.integers(0, 999), size=st.integers(2, 9))
    def test_large_half(self, student, reference, seed, size):
        """Large scores in half precision do not overflow either"""
        steps = torch.randperm(17, generator=torch.Generator().manual_seed(seed))[:size] - 8
        for dtype in HALF:
            logits = (torch.cat([steps, torch.tensor([9])]) * 1024.0).to(dtype)
            close(student.softmax(logits), reference.softmax(logits))

    @weight(6)
    @asks("float64 input is computed in float64.", topic="float64")
    @hint(
        "float64 scores keep all their digits: nothing on the way may be float32, and nothing may be added or rounded."
    )
    @settings(max_examples=8)
    @also(wide=[DIGITS])
    @given(wide=float_tensors(-12.0, 12.0, dtypes=(torch.float64,)))
    def test_precision(self, student, reference, wide):
        """float64 is computed in float64"""
        close(student.softmax(wide), reference.softmax(wide), rtol=1e-11, atol=1e-13)
        fine = 500.0 + wide * 1e-5
        close(student.softmax(fine), reference.softmax(fine), rtol=1e-10, atol=1e-12)

    @weight(8)
    @asks("Returns a tensor of the same shape and floating dtype", topic="half precision")
    @hint("bfloat16 and float16 come in and go out; what happens in between may be float32.", when="values raised form")
    @settings(max_examples=8)
    @given(logits=float_tensors(-12.0, 12.0, dtypes=FLOAT32))
    def test_half_precision(self, student, reference, logits):
        """Half precision stays half precision"""
        for dtype in HALF:
            scores = logits.to(dtype)
            close(student.softmax(scores), reference.softmax(scores))

    @weight(12)
    @asks("whole numbers become float32", topic="whole numbers")
    @hint("Convert whole numbers to float32 before you begin, and back to nothing else.", when="values raised form")
    @settings(max_examples=4)
    @given(seed=st.integers(0, 999), size=st.integers(1, 6))
    def test_integers(self, student, reference, seed, size):
        """Whole numbers give float32 probabilities"""
        for dtype in (torch.int64, torch.int32):
            logits = integers_from(seed, 2, size).to(dtype)
            pair = torch.tensor([3, 1], dtype=dtype)
            for scores in (pair, logits, logits[0, 0]):
                close(student.softmax(scores), reference.softmax(scores), dtype=torch.float32)

    @weight(9)
    @asks("a tensor of any shape (0 dimensions included)", topic="no dimensions")
    @hint(
        "A single number is a distribution over one token: a tensor without dimensions stays one.",
        when="values raised form",
    )
    @settings(max_examples=4)
    @given(value=st.sampled_from((-3.5, 0.0, 7.0)))
    def test_no_dimensions(self, student, reference, value):
        """A tensor without dimensions has probability 1"""
        for dtype in FULL:
            logits = torch.tensor(value, dtype=dtype)
            for dim in (-1, 0):
                close(student.softmax(logits, dim), torch.tensor(1.0, dtype=dtype), rtol=1e-4)
        pair = torch.tensor([1.0, 0.0])
        close(student.softmax(pair), reference.softmax(pair))

    @weight(4)
    @asks("A score of -inf gives exactly 0.", topic="-inf")
    @hint("e to the power of -inf is exactly 0; nothing has to be added to keep it away from 0.", when="values raised")
    @settings(max_examples=8)
    @also(case=RULED_OUT)
    @given(case=tensors_and_dims(max_dims=3, min_side=2, dtypes=FLOAT32, neg_inf=True))
    def test_ruled_out(self, student, reference, case):
        """A score of -inf gives exactly 0"""
        logits, dim = case
        close(student.softmax(logits, dim), reference.softmax(logits, dim), rtol=1e-4, atol=0)

    @weight(3)
    @asks("A score of -inf gives exactly 0.", topic="-inf beside low scores")
    @hint("-inf is further away than any number: no finite stand-in will do.", when="values raised")
    @settings(max_examples=3)
    @given(low=st.sampled_from((-9990.0, -9000.0, 0.0)))
    def test_ruled_out_beside_low(self, student, reference, low):
        """A score of -inf gives exactly 0 beside any other score"""
        for value in (-1e4, low):
            row = torch.tensor([[value, -math.inf, value]])
            for scores, dim in ((row, -1), (row.T, 0)):
                close(student.softmax(scores, dim), reference.softmax(scores, dim), rtol=1e-4, atol=0)

    @weight(2)
    @asks("Raises ValueError if a whole slice along dim is -inf.", topic="a token ruled out in every slice")
    @hint("Only slices along dim count: a token may be ruled out in every row.", when="values raised")
    @settings(max_examples=4)
    @given(
        logits=float_tensors(min_dims=2, max_dims=2, min_side=2, max_side=5, dtypes=FLOAT32),
        dim=st.sampled_from((0, 1, -1, -2)),
    )
    def test_ruled_out_everywhere(self, student, reference, logits, dim):
        """A token that is ruled out in every slice is no reason to raise"""
        for place in (0, 1, dim):
            scores = logits.clone()
            scores.select(place, 0).fill_(-math.inf)
            close(student.softmax(scores, place), reference.softmax(scores, place), rtol=1e-4, atol=0)

    @weight(4)
    @asks("Raises ValueError if a whole slice along dim is -inf.", topic="nothing but -inf")
    @hint("Look at every slice along dim: is its largest score -inf?", when="not_raised raised")
    @settings(max_examples=8)
    @given(logits=float_tensors(min_dims=2, max_dims=3, min_side=2, max_side=4, dtypes=FLOAT32), data=st.data())
    def test_nothing_left(self, student, reference, logits, data):
        """A slice of nothing but -inf raises ValueError"""
        dim = data.draw(st.integers(-logits.dim(), logits.dim() - 1))
        close(student.softmax(KNOWN[3], 0), reference.softmax(KNOWN[3], 0))
        empty = logits.clone()
        empty.movedim(dim, -1)[(data.draw(st.sampled_from((0, -1))),) * (logits.dim() - 1)] = -math.inf
        student.softmax.raises(ValueError, empty, dim)
        student.softmax.raises(ValueError, torch.full_like(logits, -math.inf), dim)

    @weight(2)
    @asks(
        "If all scores of a slice are `-inf` there is no distribution at all: raise a `ValueError`.",
        topic="nothing but -inf in any dtype",
    )
    @hint(
        "One score or several, in any precision: where the largest is -inf there is nothing to choose from.",
        when="not_raised raised",
    )
    @settings(max_examples=4)
    @given(size=st.integers(1, 4))
    def test_nothing_at_all(self, student, reference, size):
        """Nothing but -inf raises ValueError, in any dtype and without dimensions too"""
        close(student.softmax(torch.zeros(size)), reference.softmax(torch.zeros(size)))
        for dtype in (*FULL, *HALF):
            student.softmax.raises(ValueError, torch.full((size,), -math.inf, dtype=dtype))
            student.softmax.raises(ValueError, torch.tensor(-math.inf, dtype=dtype))

    @weight(4)
    @asks("Does not change logits.", topic="arguments left unchanged")
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @settings(max_examples=4)
    @given(
        logits=float_tensors(-50.0, 50.0, dtypes=FLOAT32), masked=float_tensors(min_side=2, dtypes=FULL, neg_inf=True)
    )
    def test_unchanged(self, student, reference, logits, masked):
        """The scores are left as they were"""
        for dtype in (*FULL, *HALF):
            scores = logits.to(dtype)
            close(student.softmax.unchanged(scores), reference.softmax(scores))
        for scores in (MASKED, masked):
            close(student.softmax.unchanged(scores), reference.softmax(scores))


@task("log-softmax", points=3)
@forbids(*READY_MADE, why="The task is to write it from its definition.")
class TestLogSoftmax:
    @plain
    @weight(26)
    @asks("Logarithms of probabilities from scores, along one dimension", topic="ordinary scores")
    @hint("Each score minus the logarithm of the sum of e to the scores.")
    @settings(max_examples=8)
    @also(logits=KNOWN)
    @given(logits=float_tensors(-5.0, 5.0, dtypes=FLOAT32))
    def test_values(self, student, reference, logits):
        """Scores become logarithms of probabilities"""
        close(student.log_softmax(logits), reference.log_softmax(logits))

    @plain
    @weight(12)
    @asks("dim: an int, counted from the front or from the back.", topic="any dim")
    @hint("dim may be any dimension, counted from the front or from the back; the maximum and the sum run along it.")
    @settings(max_examples=8)
    @also(case=ANY_DIM)
    @given(
        case=tensors_and_dims(
            min_value=-5.0, max_value=5.0, min_dims=2, max_dims=4, min_side=2, max_side=4, dtypes=FLOAT32
        )
    )
    def test_dim(self, student, reference, case):
        """Any dimension, from either end, gives the values of its slices"""
        logits, dim = case
        close(student.log_softmax(logits, dim), reference.log_softmax(logits, dim))
        close(student.log_softmax(logits, dim=dim), reference.log_softmax(logits, dim))

    @heart
    @weight(16)
    @asks("finite numbers even for scores like `[0, -1000]`", topic="scores where softmax underflows")
    @hint(
        "Where the probability is too small for a float its logarithm is not: rearrange the formula before you compute."
    )
    @settings(max_examples=8)
    @also(logits=(torch.tensor([-1000.0]), torch.tensor([-120.0, 3.0, -1500.0])))
    @given(logits=float_tensors(-2000.0, 50.0, max_dims=1, dtypes=FLOAT32))
    def test_underflow(self, student, reference, logits):
        """Finite where softmax itself has become 0"""
        scores = torch.cat([logits, torch.zeros(1)])
        close(student.log_softmax(scores), reference.log_softmax(scores), rtol=1e-5, atol=1e-4)

    @weight(18)
    @asks("Finite for scores of +-10,000", topic="large scores")
    @hint("e to the power of 89 is too large for float32: subtract from each slice its own maximum first.")
    @settings(max_examples=8)
    @also(logits=(torch.tensor([1000.0, 999.0]), torch.tensor([-1e4, 1e4]), APART))
    @given(logits=float_tensors(-1e4, 1e4, min_side=2, dtypes=FLOAT32))
    def test_large(self, student, reference, logits):
        """Large scores do not overflow, whatever the other slices hold"""
        close(student.log_softmax(logits), reference.log_softmax(logits), rtol=1e-5, atol=2e-3)

    @weight(7)
    @asks("float64 input is computed in float64.", topic="float64")
    @hint("float64 scores keep all their digits: nothing on the way may be float32.")
    @settings(max_examples=8)
    @also(logits=[DIGITS])
    @given(logits=float_tensors(-12.0, 12.0, dtypes=(torch.float64,)))
    def test_precision(self, student, reference, logits):
        """float64 is computed in float64"""
        close(student.log_softmax(logits), reference.log_softmax(logits), rtol=1e-11, atol=1e-12)
        fine = 500.0 + logits * 1e-5
        close(student.log_softmax(fine), reference.log_softmax(fine), rtol=1e-9, atol=1e-11)

    @weight(11)
    @asks("Whole numbers become float32.", topic="whole numbers")
    @hint("Convert whole numbers to float32 before you begin.", when="values raised form")
    @settings(max_examples=4)
    @given(seed=st.integers(0, 999), size=st.integers(1, 6))
    def test_integers(self, student, reference, seed, size):
        """Whole numbers give float32"""
        for dtype in (torch.int64, torch.int32):
            for scores in (torch.tensor([3, 1], dtype=dtype), integers_from(seed, 2, size).to(dtype)):
                close(student.log_softmax(scores), reference.log_softmax(scores), dtype=torch.float32)

    @weight(10)
    @asks("-inf stays -inf.", topic="-inf")
    @hint(
        "A token that is ruled out has probability 0, and the logarithm of 0 is -inf; the others are not disturbed by it.",
        when="values raised",
    )
    @settings(max_examples=8)
    @also(case=RULED_OUT)
    @given(case=tensors_and_dims(max_dims=3, min_side=2, dtypes=FLOAT32, neg_inf=True))
    def test_ruled_out(self, student, reference, case):
        """A score of -inf gives -inf"""
        logits, dim = case
        close(student.log_softmax(logits, dim), reference.log_softmax(logits, dim))

    @weight(7)
    @asks("Does not change logits.", topic="arguments left unchanged")
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @settings(max_examples=4)
    @given(logits=float_tensors(-20.0, 20.0, dtypes=FULL), masked=float_tensors(min_side=2, dtypes=FULL, neg_inf=True))
    def test_unchanged(self, student, reference, logits, masked):
        """The scores are left as they were"""
        for scores in (KNOWN[1], KNOWN[1].double(), MASKED, logits, masked):
            close(student.log_softmax.unchanged(scores), reference.log_softmax(scores))
