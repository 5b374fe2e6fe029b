"""probability_sum and cross_entropy."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import forbids, hint, number, task, weight

FULL = (torch.float32, torch.float64)
HALF = (torch.bfloat16, torch.float16)
SEEDS = st.integers(0, 2**31)


def shares(seed: int, size: int, dtype: torch.dtype) -> torch.Tensor:
    """Probabilities of a vocabulary, rounded to `dtype`; their sum tells that they were: it is not 1 but for what the checks forgive."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        scores = torch.randn(size, generator=generator, dtype=torch.float64) * 2
        values = torch.softmax(scores, 0).to(dtype)
        if abs(values.double().sum().item() - 1) > 5e-10:
            return values


def uneven(seed: int, *shape: int, dtype: torch.dtype) -> torch.Tensor:
    """Numbers between 0 and 1 whose sum float32 cannot hold exactly."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


@task("probability-sum", points=2)
class TestProbabilitySum:
    @weight(2)
    @hint("Convert before you add: a sum in float32 rounds at every step and at the end.")
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def test_float32(self, student, reference, seed):
        """50,257 probabilities in float32 lose nothing"""
        values = shares(seed, 50_257, torch.float32)
        number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)
        values = uneven(seed, 50_257, dtype=torch.float32)
        number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)

    @weight(2)
    @hint("bfloat16 has fewer than 3 digits; its own sum stops growing long before the end.")
    @settings(max_examples=4)
    @given(seed=SEEDS, dtype=st.sampled_from(HALF))
    def test_half_precision(self, student, reference, seed, dtype):
        """50,257 probabilities in half precision lose nothing"""
        values = shares(seed, 50_257, dtype)
        number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)
        values = uneven(seed, 999, dtype=dtype)
        number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)

    @weight(1)
    @hint("All entries count, whatever the shape.")
    @given(seed=SEEDS, rows=st.integers(1, 5), columns=st.integers(1, 40), dtype=st.sampled_from((*FULL, *HALF)))
    def test_shapes(self, student, reference, seed, rows, columns, dtype):
        """Any shape and size"""
        values = uneven(seed, 2, rows, columns, dtype=dtype)
        for part in (values, values[1], values[0, 0]):
            number(student.probability_sum(part), reference.probability_sum(part), rtol=1e-10, atol=0)

    @weight(1)
    @hint("Work on a copy.")
    @settings(max_examples=3)
    @given(seed=SEEDS)
    def test_unchanged(self, student, reference, seed):
        """The probabilities are left as they were"""
        for dtype in (*FULL, *HALF):
            values = uneven(seed, 60, dtype=dtype)
            number(student.probability_sum.unchanged(values), reference.probability_sum(values), rtol=1e-10, atol=0)


@st.composite
def questions(
    draw: st.DrawFn, spread: float, dtypes: tuple[torch.dtype, ...] = FULL
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores of shape [T, V] and targets of shape [T]; the first and the last id are among them where there is room."""
    length, size = draw(st.integers(1, 8)), draw(st.integers(2, 50))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    logits = (torch.rand(length, size, generator=generator, dtype=torch.float64) * 2 - 1) * spread
    targets = torch.randint(0, size, (length,), generator=generator)
    targets[-1] = draw(st.sampled_from((0, size - 1)))
    return logits.to(draw(st.sampled_from(dtypes))), targets


@task("cross-entropy", points=4)
@forbids(
    *(f"torch.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.Tensor.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.nn.functional.{name}" for name in ("cross_entropy", "nll_loss", "softmax", "log_softmax", "softmin")),
    *(f"torch.nn.{name}" for name in ("CrossEntropyLoss", "NLLLoss", "Softmax", "LogSoftmax", "Softmin")),
    *(f"torch.special.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch.masked.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    "torch.nn.functional.linear_cross_entropy",
    *(f"torch.nn.{name}" for name in ("LinearCrossEntropyLoss", "AdaptiveLogSoftmaxWithLoss", "NLLLoss2d")),
    "torch._refs.*",
    *(f"torch._refs.{name}" for name in ("softmax", "log_softmax", "logsumexp")),
    *(f"torch._refs.nn.functional.{name}" for name in ("cross_entropy", "nll_loss", "softmax", "log_softmax")),
    "torch._decomp.*",
    *(f"torch._decomp.decompositions.{name}" for name in ("_softmax", "_log_softmax", "nll_loss_forward")),
    "scipy.special.*",
    *(f"sklearn.{name}" for name in ("metrics.log_loss", "metrics._classification.log_loss", "utils.extmath.softmax")),
    "sklearn.neural_network._base.*",
    "sklearn.utils._array_api._logsumexp",
    *(f"sklearn._loss.loss.HalfMultinomialLoss.{name}" for name in ("predict_proba", "__call__", "loss")),
    *(f"transformers.pipelines.{name}_classification.softmax" for name in ("text", "image")),
    "transformers.loss.loss_utils.fixed_cross_entropy",
    why="Your own log_softmax has done the hard part.",
)
class TestCrossEntropy:
    @weight(3)
    @hint("For each row, minus the log-probability of its target; then the mean over the rows.")
    @given(question=questions(8.0))
    def test_values(self, student, reference, question):
        """The mean surprise in nats"""
        logits, targets = question
        number(student.cross_entropy(logits, targets), reference.cross_entropy(logits, targets), rtol=1e-5, atol=1e-5)

    @weight(2)
    @hint("The logarithm of a probability that has become 0 is -inf. Your log_softmax knows a way around it.")
    @given(question=questions(1e4))
    def test_large(self, student, reference, question):
        """Finite where the model was certain and wrong"""
        logits, targets = question
        number(student.cross_entropy(logits, targets), reference.cross_entropy(logits, targets), rtol=1e-5, atol=1e-2)

    @weight(1)
    @hint("A row counts once, however many there are.")
    @given(question=questions(5.0))
    def test_rows(self, student, reference, question):
        """One row, and the same rows twice"""
        logits, targets = question
        twice = torch.cat([logits, logits]), torch.cat([targets, targets])
        number(student.cross_entropy(*twice), reference.cross_entropy(logits, targets), rtol=1e-5, atol=1e-5)
        one = logits[:1], targets[:1]
        number(student.cross_entropy(*one), reference.cross_entropy(*one), rtol=1e-5, atol=1e-5)

    @weight(1)
    @hint("float64 scores deserve an answer that is worked in float64.")
    @given(question=questions(8.0, (torch.float64,)))
    def test_precision(self, student, reference, question):
        """float64 is worked in float64"""
        logits, targets = question
        number(student.cross_entropy(logits, targets), reference.cross_entropy(logits, targets), rtol=1e-10, atol=1e-10)

    @weight(1)
    @hint("Whole numbers are scores too: convert them to float32 before you begin.")
    @given(question=questions(9.0, (torch.int64,)))
    def test_integers(self, student, reference, question):
        """Whole numbers as scores"""
        logits, targets = question
        number(student.cross_entropy(logits, targets), reference.cross_entropy(logits, targets), rtol=1e-5, atol=1e-5)

    @weight(1)
    @hint("Equal scores over V tokens are worth log(V) nats.")
    @given(length=st.integers(1, 6), size=st.integers(2, 60), seed=SEEDS)
    def test_uniform(self, student, length, size, seed):
        """A model without an opinion"""
        targets = torch.randint(0, size, (length,), generator=torch.Generator().manual_seed(seed))
        number(student.cross_entropy(torch.full((length, size), 3.0), targets), math.log(size), rtol=1e-5, atol=1e-5)

    @weight(1)
    @hint("Work on a copy of the scores.")
    @given(question=questions(30.0))
    def test_unchanged(self, student, reference, question):
        """Scores and targets are left as they were"""
        logits, targets = question
        number(
            student.cross_entropy.unchanged(logits, targets),
            reference.cross_entropy(logits, targets),
            rtol=1e-5,
            atol=1e-4,
        )
