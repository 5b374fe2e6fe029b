"""top_p_filter."""

import math

import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.checks import close, hint, task, weight

FULL = (torch.float32, torch.float64)
FEW = settings(max_examples=8)


def scores_from(seed: int, *shape: int, spread: float = 2.0) -> torch.Tensor:
    """Random scores in float64: a few tokens of a row have most of its probability."""
    return spread * torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def cumulative(logits: torch.Tensor) -> torch.Tensor:
    return torch.softmax(logits.double(), -1).sort(-1, descending=True).values.cumsum(-1)


@st.composite
def nuclei(
    draw: st.DrawFn,
    dims: tuple[int, int] = (1, 3),
    side: tuple[int, int] = (3, 9),
    dtypes: tuple[torch.dtype, ...] = FULL,
    ruled_out: int = 0,
) -> tuple[torch.Tensor, float]:
    """Scores and a p that no cumulative sum of any row comes near; the first `ruled_out` scores of each row are -inf."""
    shape = draw(st.lists(st.integers(1, 3), min_size=dims[0] - 1, max_size=dims[1] - 1))
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
    """Two rows in which two scores are -inf, and a p whose nucleus is another one as soon as these count as 0 or as the lowest score."""
    seed = draw(st.integers(0, 2**31))
    while True:
        logits = scores_from(seed, 2, draw(st.integers(5, 9)), spread=1.0)
        logits = (logits - logits.amax(-1, keepdim=True) + 0.5).to(draw(st.sampled_from(FULL)))
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
    @weight(3)
    @hint(
        "Sort by probability, add up from the top, and stop with the token that reaches p. Then back to the old order."
    )
    @given(case=nuclei())
    def test_values(self, student, reference, case):
        """The smallest set that reaches p stays, in its places, the rest become -inf"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))

    @weight(1)
    @hint("Any number of dimensions may stand before the vocabulary; each row has a nucleus of its own.")
    @FEW
    @given(case=nuclei(dims=(3, 5), side=(4, 6)))
    def test_rows(self, student, reference, case):
        """Every row by itself, under any number of dimensions"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))
        flat_and_steep = torch.tensor([[0.0, 0.1, 0.2, 0.3], [0.0, 9.0, 1.0, 3.0]], dtype=logits.dtype)
        close(student.top_p_filter(flat_and_steep, 0.7), reference.top_p_filter(flat_and_steep, 0.7))

    @weight(1)
    @hint("Keep the token that crosses p: without it the set would not reach p, and could be empty.")
    @given(seed=st.integers(0, 2**31), size=st.integers(2, 9), dtype=st.sampled_from(FULL), share=st.floats(0.1, 0.9))
    def test_first(self, student, seed, size, dtype, share):
        """There is always one: the best token stays even if it alone is worth more than p"""
        logits = scores_from(seed, size).to(dtype)
        best = float(torch.softmax(logits.double(), -1).max())
        only = torch.full_like(logits, -math.inf)
        only[logits.argmax()] = logits.max()
        close(student.top_p_filter(logits, best * share), only)
        close(student.top_p_filter(logits, 1e-6), only)

    @weight(1)
    @hint("In floating point the sum of the best few may already be 1: with p = 1 nothing needs to be computed.")
    @FEW
    @given(seed=st.integers(0, 2**31), case=nuclei(), dtype=st.sampled_from(FULL))
    def test_all(self, student, reference, seed, case, dtype):
        """p = 1 changes nothing, however small the last probabilities are"""
        wide = scores_from(seed, 2, 30, spread=25.0).to(dtype)
        close(student.top_p_filter(wide, 1.0), wide, rtol=0, atol=0)
        deep = torch.tensor([0.0, -20.0, -40.0, -3000.0, -math.inf], dtype=dtype)
        close(student.top_p_filter(deep, 1.0), deep, rtol=0, atol=0)
        close(student.top_p_filter(*case), reference.top_p_filter(*case))

    @weight(1)
    @hint("p is a share: above 0 and at most 1. Say in the error which p it was; NaN fails every comparison.")
    @settings(max_examples=3)
    @given(case=nuclei())
    def test_bad_p(self, student, reference, case):
        """A p outside (0, 1] raises ValueError and names it"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))
        for bad in (-0.25, 1.5, 90.0, math.nan):
            student.top_p_filter.raises(ValueError, logits, bad, naming=str(bad).removesuffix(".0"))
        student.top_p_filter.raises(ValueError, logits, 0.0, naming="0")

    @weight(1)
    @hint("The sums decide: in float64 they have 16 digits, in float32 seven.")
    @given(seed=st.integers(0, 2**31), size=st.integers(4, 40))
    def test_precision(self, student, reference, seed, size):
        """float64 is worked in float64"""
        logits = scores_from(seed, size, spread=1.0)
        sums = cumulative(logits)
        exact = float(sums[size // 3])
        assume(exact < 0.999 and float(sums.diff().min()) > 4e-9)
        for p in (exact - 1e-9, exact + 1e-9):  # float32 sees no difference between the two
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), rtol=0, atol=0)

    @weight(1)
    @hint("There is no -inf among whole numbers: convert to float32 first.")
    @FEW
    @given(seed=st.integers(0, 999), dtype=st.sampled_from((torch.int64, torch.int32)))
    def test_integers(self, student, reference, seed, dtype):
        """Whole numbers give float32"""
        order = torch.argsort(torch.rand(2, 5, generator=torch.Generator().manual_seed(seed)), -1)
        logits = order.to(dtype)
        for p in (0.5, 0.8, 0.95):
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p), dtype=torch.float32)
        close(student.top_p_filter(logits, 1.0), logits.float(), dtype=torch.float32)

    @weight(1)
    @hint("After top-k most scores are -inf. They have probability 0, and the rest share the whole between them.")
    @FEW
    @given(case=nuclei(side=(5, 9), ruled_out=2), other=misled())
    def test_ruled_out(self, student, reference, case, other):
        """A score of -inf stays -inf and counts for nothing"""
        for logits, p in (case, other):
            close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))

    @weight(1)
    @hint("Thousands of small shares add up too.")
    @settings(max_examples=2)
    @given(case=wide_nuclei())
    def test_vocabulary(self, student, reference, case):
        """A large vocabulary"""
        logits, p = case
        close(student.top_p_filter(logits, p), reference.top_p_filter(logits, p))

    @weight(1)
    @hint("Write the -inf into a copy.")
    @FEW
    @given(case=nuclei())
    def test_unchanged(self, student, reference, case):
        """The scores are left as they were"""
        logits, p = case
        close(student.top_p_filter.unchanged(logits, p), reference.top_p_filter(logits, p))
        close(student.top_p_filter.unchanged(logits, 1.0), logits)
