"""softmax and log_softmax."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import close, expect, float_tensors, forbids, hint, task, weight

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


@st.composite
def tensors_and_dims(draw: st.DrawFn, **options: object) -> tuple[torch.Tensor, int]:
    logits = draw(float_tensors(**options))  # type: ignore[arg-type]
    return logits, draw(st.integers(-logits.dim(), logits.dim() - 1))


def integers_from(seed: int, *shape: int) -> torch.Tensor:
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed))


@task("softmax", points=5)
@forbids(*READY_MADE, why="The task is to write it from its definition.")
class TestSoftmax:
    @weight(2)
    @hint("Raise e to each score, then divide by the total along dim.")
    @given(logits=float_tensors(dtypes=FULL))
    def test_probabilities(self, student, reference, logits):
        """Scores become probabilities along the last dimension"""
        close(student.softmax(logits), reference.softmax(logits))

    @weight(2)
    @hint(
        "e to the power of 89 is already too large for float32. Which number can you subtract without changing the result?"
    )
    @given(logits=float_tensors(-1e4, 1e4, dtypes=FULL))
    def test_large(self, student, reference, logits):
        """Large scores do not overflow"""
        close(student.softmax(logits), reference.softmax(logits))

    @weight(2)
    @hint(
        "dim may be any dimension, counted from the front or from the back; both the total and what you subtract run along it."
    )
    @given(
        case=tensors_and_dims(
            min_value=-30.0, max_value=30.0, min_dims=2, max_dims=4, min_side=2, max_side=4, dtypes=FULL
        )
    )
    def test_dim(self, student, reference, case):
        """Any dimension, from either end, gives the values of its slices"""
        logits, dim = case
        close(student.softmax(logits, dim), reference.softmax(logits, dim))
        close(student.softmax(logits, dim=dim), reference.softmax(logits, dim))

    @weight(1)
    @hint("The result has the dtype of the scores, and so should be the numbers' precision.")
    @given(logits=float_tensors(-12.0, 12.0, dtypes=HALF), wide=float_tensors(-12.0, 12.0, dtypes=(torch.float64,)))
    def test_dtypes(self, student, reference, logits, wide):
        """Half precision stays half precision, float64 stays as exact as float64"""
        close(student.softmax(logits), reference.softmax(logits))
        close(student.softmax(wide), reference.softmax(wide), rtol=1e-11, atol=1e-13)
        fine = 5000.0 + wide * 1e-5
        close(student.softmax(fine), reference.softmax(fine), rtol=1e-10, atol=1e-12)

    @weight(1)
    @hint("Half precision overflows far earlier than float32.")
    @given(seed=st.integers(0, 999), size=st.integers(2, 9), dtype=st.sampled_from(HALF))
    def test_large_half(self, student, reference, seed, size, dtype):
        """Large scores in half precision do not overflow either"""
        steps = torch.randperm(17, generator=torch.Generator().manual_seed(seed))[:size] - 8
        logits = (steps * 1024.0).to(dtype)
        close(student.softmax(logits), reference.softmax(logits))

    @weight(1)
    @hint("Convert whole numbers to float32 before you begin.")
    @settings(max_examples=10)
    @given(seed=st.integers(0, 999), size=st.integers(1, 6), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, size, dtype):
        """Whole numbers give float32 probabilities"""
        logits = integers_from(seed, 2, size).to(dtype)
        for scores in (logits, logits * 1000, logits[0, 0]):
            close(student.softmax(scores), reference.softmax(scores), dtype=torch.float32)
        close(student.softmax(logits, 0), reference.softmax(logits, 0), dtype=torch.float32)

    @weight(1)
    @hint("A single number is a distribution over one token.")
    @given(
        value=st.sampled_from((-3.5, 0.0, 7.0, 9000.0)),
        dim=st.sampled_from((-1, 0)),
        dtype=st.sampled_from((*FULL, *HALF)),
    )
    def test_no_dimensions(self, student, reference, value, dim, dtype):
        """A tensor without dimensions has probability 1"""
        logits = torch.tensor(value, dtype=dtype)
        close(student.softmax(logits, dim), torch.tensor(1.0, dtype=dtype))
        pair = torch.tensor([value, value - 1.0], dtype=dtype)
        close(student.softmax(pair), reference.softmax(pair))

    @weight(2)
    @hint("e to the power of -inf is exactly 0; nothing has to be added to keep it away from 0.")
    @given(case=tensors_and_dims(max_dims=3, min_side=2, dtypes=FULL, neg_inf=True))
    def test_ruled_out(self, student, reference, case):
        """A score of -inf gives exactly 0"""
        logits, dim = case
        answer = student.softmax(logits, dim)
        close(answer, reference.softmax(logits, dim))
        expect(bool((answer[torch.isneginf(logits)] == 0).all()), "a score of -inf must give exactly 0")

    @weight(1)
    @hint("-inf is further away than any number: no finite stand-in will do.")
    @settings(max_examples=8)
    @given(
        low=st.sampled_from((-1e4, -9000.0, 0.0)), dtype=st.sampled_from((*FULL, *HALF)), dim=st.sampled_from((0, -1))
    )
    def test_ruled_out_beside_low(self, student, reference, low, dtype, dim):
        """A score of -inf gives exactly 0 beside any other score"""
        row = torch.tensor([[low, -math.inf, low]], dtype=dtype)
        scores = row if dim == -1 else row.T
        answer = student.softmax(scores, dim)
        close(answer, reference.softmax(scores, dim))
        expect(bool((answer[torch.isneginf(scores)] == 0).all()), "a score of -inf must give exactly 0")

    @weight(1)
    @hint("Only slices along dim count: a token may be ruled out in every row.")
    @given(
        logits=float_tensors(min_dims=2, max_dims=2, min_side=2, max_side=5, dtypes=FULL),
        dim=st.sampled_from((0, 1, -1, -2)),
    )
    def test_ruled_out_everywhere(self, student, reference, logits, dim):
        """A token that is ruled out in every slice is no reason to raise"""
        scores = logits.clone()
        scores.select(dim, 0).fill_(-math.inf)
        answer = student.softmax(scores, dim)
        close(answer, reference.softmax(scores, dim))
        expect(bool((answer.select(dim, 0) == 0).all()), "a score of -inf must give exactly 0")

    @weight(2)
    @hint("Look at every slice along dim: is its largest score -inf?")
    @given(logits=float_tensors(min_dims=2, max_dims=3, min_side=2, max_side=4, dtypes=FULL), data=st.data())
    def test_nothing_left(self, student, reference, logits, data):
        """A slice of nothing but -inf raises ValueError"""
        dim = data.draw(st.integers(-logits.dim(), logits.dim() - 1))
        close(student.softmax(logits, dim), reference.softmax(logits, dim))
        empty = logits.clone()
        empty.movedim(dim, -1)[(data.draw(st.sampled_from((0, -1))),) * (logits.dim() - 1)] = -math.inf
        student.softmax.raises(ValueError, empty, dim)
        student.softmax.raises(ValueError, torch.full_like(logits, -math.inf), dim)

    @weight(1)
    @hint("One score or several, in any precision: where the largest is -inf there is nothing to choose from.")
    @settings(max_examples=8)
    @given(size=st.integers(1, 4), dtype=st.sampled_from((*FULL, *HALF)))
    def test_nothing_at_all(self, student, reference, size, dtype):
        """Nothing but -inf raises ValueError, in any dtype and without dimensions too"""
        close(student.softmax(torch.zeros(size, dtype=dtype)), reference.softmax(torch.zeros(size, dtype=dtype)))
        student.softmax.raises(ValueError, torch.full((size,), -math.inf, dtype=dtype))
        student.softmax.raises(ValueError, torch.tensor(-math.inf, dtype=dtype))

    @weight(1)
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @given(
        logits=float_tensors(-50.0, 50.0, dtypes=(*FULL, *HALF)),
        masked=float_tensors(min_side=2, dtypes=FULL, neg_inf=True),
    )
    def test_unchanged(self, student, reference, logits, masked):
        """The scores are left as they were"""
        close(student.softmax.unchanged(logits), reference.softmax(logits))
        close(student.softmax.unchanged(masked, 0), reference.softmax(masked, 0))

    @weight(1)
    @hint("Thousands of small shares have to add up to 1 as well.")
    @settings(max_examples=3)
    @given(seed=st.integers(0, 999))
    def test_vocabulary(self, student, reference, seed):
        """A whole vocabulary"""
        logits = torch.randn(50_257, generator=torch.Generator().manual_seed(seed)) * 4
        close(student.softmax(logits), reference.softmax(logits), rtol=1e-3, atol=1e-8)


@task("log-softmax", points=3)
@forbids(*READY_MADE, why="The task is to write it from its definition.")
class TestLogSoftmax:
    @weight(2)
    @hint("Each score minus the logarithm of the sum of e to the scores.")
    @given(logits=float_tensors(dtypes=FULL))
    def test_values(self, student, reference, logits):
        """Scores become logarithms of probabilities"""
        close(student.log_softmax(logits), reference.log_softmax(logits))

    @weight(2)
    @hint(
        "Where the probability is too small for a float its logarithm is not: rearrange the formula before you compute."
    )
    @given(logits=float_tensors(-1e4, 1e4, min_side=2, dtypes=FULL))
    def test_underflow(self, student, reference, logits):
        """Finite where softmax itself has become 0"""
        close(student.log_softmax(logits), reference.log_softmax(logits), rtol=1e-5, atol=2e-3)

    @weight(2)
    @hint("dim may be any dimension, counted from the front or from the back.")
    @given(
        case=tensors_and_dims(
            min_value=-30.0, max_value=30.0, min_dims=2, max_dims=4, min_side=2, max_side=4, dtypes=FULL
        )
    )
    def test_dim(self, student, reference, case):
        """Any dimension, from either end, gives the values of its slices"""
        logits, dim = case
        close(student.log_softmax(logits, dim), reference.log_softmax(logits, dim))
        close(student.log_softmax(logits, dim=dim), reference.log_softmax(logits, dim))

    @weight(1)
    @hint("float64 scores deserve an answer that is worked in float64.")
    @given(logits=float_tensors(-12.0, 12.0, dtypes=(torch.float64,)))
    def test_precision(self, student, reference, logits):
        """float64 is worked in float64"""
        close(student.log_softmax(logits), reference.log_softmax(logits), rtol=1e-11, atol=1e-12)
        fine = 5000.0 + logits * 1e-5
        close(student.log_softmax(fine), reference.log_softmax(fine), rtol=1e-9, atol=1e-11)

    @weight(1)
    @hint("Convert whole numbers to float32 before you begin.")
    @given(seed=st.integers(0, 999), size=st.integers(1, 6))
    def test_integers(self, student, reference, seed, size):
        """Whole numbers give float32"""
        logits = integers_from(seed, 2, size)
        close(student.log_softmax(logits), reference.log_softmax(logits), dtype=torch.float32)

    @weight(2)
    @hint(
        "A token that is ruled out has probability 0, and the logarithm of 0 is -inf; the others are not disturbed by it."
    )
    @given(case=tensors_and_dims(max_dims=3, min_side=2, dtypes=FULL, neg_inf=True))
    def test_ruled_out(self, student, reference, case):
        """A score of -inf gives -inf"""
        logits, dim = case
        close(student.log_softmax(logits, dim), reference.log_softmax(logits, dim))
        one = torch.tensor([0.5, -math.inf, 2.0], dtype=logits.dtype)
        close(student.log_softmax(one), reference.log_softmax(one))

    @weight(1)
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @given(logits=float_tensors(-50.0, 50.0, dtypes=FULL), masked=float_tensors(min_side=2, dtypes=FULL, neg_inf=True))
    def test_unchanged(self, student, reference, logits, masked):
        """The scores are left as they were"""
        close(student.log_softmax.unchanged(logits), reference.log_softmax(logits))
        close(student.log_softmax.unchanged(masked, 0), reference.log_softmax(masked, 0))
