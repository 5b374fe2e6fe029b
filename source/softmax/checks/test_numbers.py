"""probability_sum and cross_entropy."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.checks import asks, forbids, heart, hint, number, plain, task, weight

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


def also(**inputs: Iterable[Any]) -> Callable[[Any], Any]:
    """A check is asked with these values of one argument too, whatever the seed."""
    ((name, values),) = inputs.items()

    def add(check: Any) -> Any:
        for value in values:
            check = example(**{name: value})(check)
        return check

    return add


@task("probability-sum", points=2)
class TestProbabilitySum:
    @plain
    @weight(34)
    @asks("The sum of all entries of a tensor", topic="a few probabilities")
    @hint("Add all entries, and return the total as a Python float.", when="values form")
    @settings(max_examples=6)
    @given(seed=SEEDS, size=st.integers(1, 40))
    def test_few(self, student, reference, seed, size):
        """A few probabilities"""
        for values in (torch.tensor([0.25, 0.05, 0.0333]), uneven(seed, size, dtype=torch.float32) / size):
            number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-4, atol=1e-4)

    @heart
    @weight(22)
    @asks("a Python float to which 50,257 probabilities lose nothing", topic="a whole vocabulary in float32")
    @hint("Convert before you add: a sum in float32 rounds at every step and at the end.")
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def test_float32(self, student, reference, seed):
        """50,257 probabilities in float32 lose nothing"""
        for values in (shares(seed, 50_257, torch.float32), uneven(seed, 50_257, dtype=torch.float32)):
            number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)

    @weight(14)
    @asks("floating dtype, half precision too", topic="half precision")
    @hint("bfloat16 has fewer than 3 digits; its own sum stops growing long before the end.", when="values raised")
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def test_half_precision(self, student, reference, seed):
        """50,257 probabilities in half precision lose nothing"""
        for dtype in HALF:
            for values in (shares(seed, 50_257, dtype), uneven(seed, 999, dtype=dtype)):
                number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-10, atol=0)

    @weight(8)
    @asks("float64 input is computed in float64.", topic="float64")
    @hint("float64 has 16 digits: on a detour through float32 half of them are lost.")
    @settings(max_examples=6)
    @given(seed=SEEDS, size=st.integers(2, 40))
    def test_float64(self, student, reference, seed, size):
        """float64 keeps its digits"""
        tenths = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
        for values in (tenths, uneven(seed, size, dtype=torch.float64)):
            number(student.probability_sum(values), reference.probability_sum(values), rtol=1e-12, atol=0)

    @weight(12)
    @asks("a tensor of any shape (at least one dimension)", topic="any shape")
    @hint("All entries count, whatever the shape, and their sum may be more than 1.", when="values raised")
    @settings(max_examples=6)
    @given(seed=SEEDS, rows=st.integers(2, 5), columns=st.integers(1, 40))
    def test_shapes(self, student, reference, seed, rows, columns):
        """Any shape and size"""
        values = uneven(seed, 2, rows, columns, dtype=torch.float32)
        for part in (torch.full((3, 4), 0.25), values, values[1], values[0, 0]):
            number(student.probability_sum(part), reference.probability_sum(part), rtol=1e-4, atol=1e-4)

    @weight(8)
    @asks("A function does not change its arguments", topic="arguments left unchanged")
    @hint("Work on a copy.")
    @settings(max_examples=3)
    @given(seed=SEEDS)
    def test_unchanged(self, student, reference, seed):
        """The probabilities are left as they were"""
        for dtype in (*FULL, *HALF):
            values = uneven(seed, 60, dtype=dtype)
            number(student.probability_sum.unchanged(values), reference.probability_sum(values), rtol=1e-2, atol=0)


def question(rows: list[list[float]], targets: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(rows), torch.tensor(targets)


KNOWN = question([[0.0, 1.0, 2.0], [3.0, -1.0, 0.5], [3.0, -1.0, 0.5], [0.0, 0.2, 0.0]], [0, 0, 2, 1])
"""Ordinary scores that are always asked: the first and the last id, and one target twice."""
SURPRISED = (
    question([[0.0, 20.0], [5.0, -15.0]], [0, 0]),
    question([[0.0, 1000.0, 999.0], [0.0, 0.0, 1000.0]], [0, 1]),
    question([[-1e4, 1e4], [9000.0, -9000.0]], [0, 1]),
)


@st.composite
def questions(
    draw: st.DrawFn, spread: float, dtypes: tuple[torch.dtype, ...] = (torch.float32,)
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores of shape [T, V], two rows or more, and targets of shape [T], the last of which is the first or the last id."""
    length, size = draw(st.integers(2, 8)), draw(st.integers(2, 50))
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
    *(f"{owner}.logcumsumexp" for owner in ("torch", "torch.Tensor")),
    *(f"numpy.{name}.{way}" for name in ("logaddexp", "logaddexp2") for way in ("reduce", "accumulate", "reduceat")),
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
    @heart
    @plain
    @weight(30)
    @asks("The mean negative log-likelihood of the targets, in nats.", topic="ordinary scores")
    @hint("For each row, minus the log-probability of its target; then the mean over the rows.")
    @settings(max_examples=8)
    @also(asked=[KNOWN])
    @given(asked=questions(2.0))
    def test_values(self, student, reference, asked):
        """The mean surprise in nats"""
        logits, targets = asked
        expected = reference.cross_entropy(logits, targets)
        number(student.cross_entropy(logits, targets), expected, rtol=1e-4, atol=1e-4)

    @plain
    @weight(9)
    @asks("The loss is the mean over the rows", topic="one row, and rows that come twice")
    @hint("A row counts once, however many there are, and a single row is a row too.", when="values raised")
    @settings(max_examples=8)
    @also(asked=[KNOWN])
    @given(asked=questions(2.0))
    def test_rows(self, student, reference, asked):
        """One row, and the same rows twice"""
        logits, targets = asked
        twice = torch.cat([logits, logits]), torch.cat([targets, targets])
        one = logits[:1], targets[:1]
        for rows in (twice, one):
            number(student.cross_entropy(*rows), reference.cross_entropy(*rows), rtol=1e-4, atol=1e-4)

    @plain
    @weight(5)
    @asks("The mean negative log-likelihood of the targets, in nats.", topic="equal scores")
    @hint("Equal scores over V tokens are worth log(V) nats.")
    @settings(max_examples=8)
    @given(length=st.integers(2, 6), size=st.integers(2, 60), seed=SEEDS)
    def test_uniform(self, student, length, size, seed):
        """All scores equal"""
        targets = torch.randint(0, size, (length,), generator=torch.Generator().manual_seed(seed))
        number(student.cross_entropy(torch.full((length, size), 3.0), targets), math.log(size), rtol=1e-4, atol=1e-4)

    @weight(20)
    @asks("finite for scores of +-10,000", topic="large scores")
    @hint("The logarithm of a probability that has become 0 is -inf. Your log_softmax knows a way around it.")
    @settings(max_examples=8)
    @also(asked=SURPRISED)
    @given(asked=questions(1e4))
    def test_large(self, student, reference, asked):
        """Finite where the model was certain and wrong"""
        logits, targets = asked
        expected = reference.cross_entropy(logits, targets)
        number(student.cross_entropy(logits, targets), expected, rtol=1e-5, atol=1e-2)

    @weight(8)
    @asks("float64 input is computed in float64.", topic="float64")
    @hint("float64 scores keep all their digits: neither the logarithms nor their mean may pass through float32.")
    @settings(max_examples=8)
    @also(asked=[(KNOWN[0].double(), KNOWN[1])])
    @given(asked=questions(8.0, (torch.float64,)))
    def test_precision(self, student, reference, asked):
        """float64 is computed in float64"""
        logits, targets = asked
        expected = reference.cross_entropy(logits, targets)
        number(student.cross_entropy(logits, targets), expected, rtol=1e-10, atol=1e-10)

    @weight(12)
    @asks("whole numbers are scores too", topic="whole numbers")
    @hint("Whole numbers are scores too: convert them to float32 before you begin.", when="values raised")
    @settings(max_examples=8)
    @also(asked=[(torch.tensor([[0, 1], [3, 1]]), torch.tensor([0, 0]))])
    @given(asked=questions(4.0, (torch.int64,)))
    def test_integers(self, student, reference, asked):
        """Whole numbers as scores"""
        logits, targets = asked
        expected = reference.cross_entropy(logits, targets)
        number(student.cross_entropy(logits, targets), expected, rtol=1e-4, atol=1e-4)

    @weight(8)
    @asks("Changes neither logits nor targets.", topic="arguments left unchanged")
    @hint("Work on a copy of the scores, and leave the targets alone.")
    @settings(max_examples=6)
    @also(asked=[KNOWN])
    @given(asked=questions(5.0, FULL))
    def test_unchanged(self, student, reference, asked):
        """Scores and targets are left as they were"""
        logits, targets = asked
        expected = reference.cross_entropy(logits, targets)
        number(student.cross_entropy.unchanged(logits, targets), expected, rtol=1e-4, atol=1e-4)
