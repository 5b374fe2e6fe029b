"""top_p_filter.  As in test_filters.py each region of the inputs has a check of its own."""

import math

import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.checks import asks, close, heart, hint, plain, task, weight

NARROW = (torch.float32,)
FEW = settings(max_examples=6)
ONCE = settings(max_examples=1)
SHARES = (0.15, 0.5, 0.05, 0.3)
SCORES = torch.tensor([1.5, -2.0, 0.25, 3.0, -0.5])
"""For checks of errors, which take a value too: nothing is earned by an answer that only raises."""


def scores_from(seed: int, *shape: int, spread: float = 2.0) -> torch.Tensor:
    """Random scores in float64: a few tokens of a row have most of its probability."""
    return spread * torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def cumulative(logits: torch.Tensor) -> torch.Tensor:
    return torch.softmax(logits.double(), -1).sort(-1, descending=True).values.cumsum(-1)


@st.composite
def nuclei(
    draw: st.DrawFn,
    leading: tuple[int, int] = (0, 0),
    side: tuple[int, int] = (4, 9),
    dtypes: tuple[torch.dtype, ...] = NARROW,
    ruled_out: int = 0,
) -> tuple[torch.Tensor, float]:
    """Scores and a p that no cumulative sum of any row comes near; the first `ruled_out` scores of each row are -inf."""
    shape = draw(st.lists(st.integers(2, 3), min_size=leading[0], max_size=leading[1]))
    shape.append(draw(st.integers(*side)))
    seed = draw(st.integers(0, 2**31))
    logits = scores_from(seed, *shape, spread=draw(st.sampled_from((0.5, 1.5, 3.0)))).to(draw(st.sampled_from(dtypes)))
    logits[..., :ruled_out] = -math.inf
    sums = cumulative(logits)
    candidates = torch.rand(40, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 0.975 + 0.02
    safe = [p for p in candidates.tolist() if float((sums - p).abs().min()) > 2e-3 and bool((sums > p)[..., :-1].any())]
    assume(safe)
    return logits, safe[0]


@st.composite
def misled(draw: st.DrawFn) -> tuple[torch.Tensor, float]:
    """A row in which two scores are -inf, and a p whose nucleus is another one as soon as these count as 0 or as the lowest score."""
    seed = draw(st.integers(0, 2**31))
    while True:
        logits = scores_from(seed, draw(st.integers(5, 9)), spread=1.0)
        logits = (logits - logits.amax(-1, keepdim=True) + 0.5).float()
        logits[..., :2] = -math.inf
        right = cumulative(logits)
        for p in (0.3 + 0.01 * step for step in range(65)):
            wrong = (logits.masked_fill(torch.isinf(logits), fill) for fill in (0.0, float(logits[..., 2:].min())))
            other = [torch.softmax(row.double(), -1)[..., 2:].sort(-1, descending=True).values for row in wrong]
            sizes = [((sums.cumsum(-1) < p).sum(-1) != (right < p).sum(-1)).any() for sums in other]
            if all(sizes) and float((right - p).abs().min()) > 2e-3:
                return logits, p
        seed += 1


@st.composite
def wide_nuclei(draw: st.DrawFn) -> tuple[torch.Tensor, float]:
    """3000 scores, of which 1200 share 96 %, and a p that takes from 300 to 1100 of these and lies in the middle of a token's share."""
    ranks = torch.arange(3000, dtype=torch.float64)
    sums = cumulative(scores := 3.0 * (ranks < 1200) - 1e-4 * ranks)
    size = draw(st.integers(300, 1100))
    order = torch.randperm(3000, generator=torch.Generator().manual_seed(draw(st.integers(0, 2**31))))
    return scores[order].float(), float(sums[size - 1] + sums[size]) / 2


@task("top-p", points=5)
class TestTopP:
    @plain
    @heart
    @weight(8)
    @asks("the smallest set of most likely tokens that holds at least p", topic="ordinary scores")
    @hint("Sort by probability, add up from the top, stop with the token that reaches p. Then back to the old order.")
    @given(case=nuclei())
    def test_values(self, student, reference, case):
        """The smallest set that reaches p stays, in its places, the rest become -inf"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), detached=True)
        # In 0.15, 0.5, 0.05, 0.3 the order is not its own inverse, and the token that crosses p is the second one.
        shares = torch.tensor(SHARES).log() + logits[0]
        close(student.top_p_filter(shares, 0.6), reference.top_p_filter(shares, 0.6))

    @weight(3)
    @asks("the scores of the nucleus of each row along the last dimension", topic="leading dimensions")
    @hint("Any number of dimensions may stand before the vocabulary; each row has a nucleus of its own.")
    @FEW
    @given(case=nuclei(leading=(1, 3), side=(4, 6), dtypes=(torch.float32, torch.float64)))
    def test_rows(self, student, reference, case):
        """Every row by itself, under any number of dimensions"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), rtol=1e-5, atol=1e-5)
        flat_and_steep = torch.tensor(
            [[[0.0, 0.1, 0.2, 0.3], [0.0, 9.0, 1.0, 3.0]], [[5.0, 0.2, 4.9, 4.8], [-1.0, 0.0, 1.0, 8.0]]]
        )
        close(student.top_p_filter(flat_and_steep, 0.7), reference.top_p_filter(flat_and_steep, 0.7))

    @weight(1)
    @asks("There is always one", topic="a favourite above p")
    @hint("Keep the token that crosses p: without it the set would not reach p, and could be empty.")
    @FEW
    @given(seed=st.integers(0, 2**31), size=st.integers(2, 9), share=st.floats(0.1, 0.9))
    def test_first(self, student, seed, size, share):
        """The best token stays even if it alone is worth more than p"""
        logits = scores_from(seed, size).float()
        best = float(torch.softmax(logits.double(), -1).max())
        only = torch.full_like(logits, -math.inf)
        only[logits.argmax()] = logits.max()
        for p in (best * share, 1e-6):
            close(student.top_p_filter(logits, p), only)

    @weight(1)
    @asks("p = 1 changes nothing", topic="p of exactly 1")
    @hint(
        "In floating point the sum of the best few may already be 1: with p = 1 nothing needs to be computed.",
        when="values raised",
    )
    @FEW
    @given(seed=st.integers(0, 2**31), case=nuclei())
    def test_all(self, student, reference, seed, case):
        """With p = 1 nothing changes, however small the last probabilities are"""
        wide = scores_from(seed, 30, spread=25.0).float()
        close(student.top_p_filter(wide, 1.0), wide, rtol=0, atol=0)
        deep = torch.tensor([0.0, -20.0, -40.0, -3000.0])
        close(student.top_p_filter(deep, 1.0), deep, rtol=0, atol=0)
        close(student.top_p_filter(*case), reference.top_p_filter(*case))

    @weight(1)
    @asks("if p is not above 0 and at most 1", topic="p outside its range")
    @hint("p is a share: above 0 and at most 1. Raise a ValueError for anything else.")
    @ONCE
    @given(low=st.sampled_from((-0.25, -1.0, -1e-3)), high=st.sampled_from((1.001, 1.5, 90.0)))
    def test_bad_p(self, student, low, high):
        """A p of 0, below 0 or above 1 raises ValueError"""
        close(student.top_p_filter(SCORES, 0.9999), SCORES)
        for bad in (0.0, low, high):
            student.top_p_filter.raises(ValueError, SCORES, bad)

    @weight(1)
    @asks("Where a task asks for a `ValueError`, its text contains the bad value", topic="the text of the error")
    @hint("Put p into the text, as in f'… not {p}'.")
    def test_named(self, student):
        """The error names p"""
        close(student.top_p_filter(SCORES, 0.9999), SCORES)
        student.top_p_filter.raises(ValueError, SCORES, -0.25, naming="-0.25")

    @weight(1)
    @asks("float64 is computed in float64", topic="float64")
    @hint("The sums decide: in float64 they have 16 digits, in float32 seven.")
    @FEW
    @given(seed=st.integers(0, 2**31), size=st.integers(4, 40))
    def test_precision(self, student, reference, seed, size):
        """float64 is computed in float64"""
        logits = scores_from(seed, size, spread=1.0)
        sums = cumulative(logits)
        exact = float(sums[size // 3])
        assume(exact < 0.999 and float(sums.diff().min()) > 4e-9)
        for p in (exact - 1e-9, exact + 1e-9):  # float32 sees no difference between the two
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), rtol=0, atol=0)

    @weight(2.5)
    @asks("float32 for integers", topic="integer scores")
    @hint("There is no -inf among integers: convert to float32 first.", when="raised values")
    @FEW
    @given(seed=st.integers(0, 999), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, dtype):
        """Integers give float32"""
        logits = torch.argsort(torch.rand(5, generator=torch.Generator().manual_seed(seed)), -1).to(dtype)
        for p in (0.5, 0.8, 0.95):
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), dtype=torch.float32)
        close(student.top_p_filter(logits, 1.0), logits.float(), dtype=torch.float32)

    @weight(1)
    @asks("A score that is `-inf` already has probability 0 and stays as it is", topic="-inf")
    @hint("After top-k most scores are -inf. They have probability 0, and the rest share the whole between them.")
    @FEW
    @given(case=nuclei(side=(5, 9), ruled_out=2), other=misled())
    def test_ruled_out(self, student, reference, case, other):
        """A score of -inf stays -inf and counts for nothing"""
        for logits, p in (case, other):
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))

    @weight(1)
    @asks("that may be a single token, and where it is not, hundreds", topic="a large vocabulary")
    @hint("Thousands of small shares add up too.")
    @settings(max_examples=2)
    @given(case=wide_nuclei())
    def test_vocabulary(self, student, reference, case):
        """A large vocabulary"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))

    @weight(1)
    @asks("Arguments stay as they were", topic="arguments left unchanged")
    @hint("Write the -inf into a copy.")
    @FEW
    @given(case=nuclei())
    def test_unchanged(self, student, reference, case):
        """The scores are left as they were"""
        logits, p = case
        close(student.top_p_filter.unchanged(logits, p), reference.top_p_filter(logits, p))
        close(student.top_p_filter.unchanged(logits, 1.0), logits)
