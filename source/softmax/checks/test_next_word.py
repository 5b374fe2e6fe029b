"""next_token_logits and top_tokens."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import (
    close,
    course_model,
    course_tokenizer,
    expect,
    hint,
    task,
    tiny_causal_lm,
    tiny_tokenizer,
    weight,
)

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
SEEDS = st.integers(1, 4)
ARCHITECTURES = ("llama", "gpt2")
TEXTS = (
    "a", "The cat sat on", "  two spaces at each end  ", "UPPER and lower CASE", "naïve café, 東京 🙂", "new\nline\tand tab", "x",
    ("Once upon a time there was a very small model that could only count to three, and it did. "
     "Every morning it counted to three, every evening it counted to three, and one night it counted to"),
)  # fmt: skip
ARCHS, PROMPTS = st.sampled_from(ARCHITECTURES), st.sampled_from(TEXTS)
HALF = st.sampled_from((torch.bfloat16, torch.float16))
few = settings(max_examples=6)
"""A model costs more than a tensor, and 50,000 numbers cost more than five."""


@task("next-token-logits", points=3)
class TestNextTokenLogits:
    @weight(3)
    @hint("logits has the shape (batch, sequence, vocabulary). Which position speaks about what follows the prompt?")
    @settings(max_examples=3)
    @given(seed=SEEDS)
    def test_values(self, student, reference, seed):
        """The scores of what follows the whole prompt"""
        tokenizer = tiny_tokenizer()
        for number, prompt in enumerate(TEXTS, start=seed):
            model = tiny_causal_lm(seed, ARCHITECTURES[number % 2])
            expected = reference.next_token_logits(model, tokenizer, prompt)
            close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-3, atol=1e-3)

    @weight(1)
    @hint(
        "What the function was asked before must not matter: only the model, the tokenizer and the prompt that it is given."
    )
    @few
    @given(seed=SEEDS, arch=ARCHS, prompts=st.lists(PROMPTS, min_size=2, max_size=2, unique=True))
    def test_again(self, student, reference, seed, arch, prompts):
        """One model after another, one prompt after another, and the same once more"""
        tokenizer = tiny_tokenizer()
        first, second = tiny_causal_lm(seed, arch), tiny_causal_lm(seed % 4 + 1, arch)
        for model, prompt in ((first, prompts[0]), (second, prompts[0]), (first, prompts[1]), (first, prompts[0])):
            expected = reference.next_token_logits(model, tokenizer, prompt)
            close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-3, atol=1e-3)

    @weight(2)
    @hint("Tell PyTorch not to record what happens, or detach the answer.")
    @few
    @given(seed=SEEDS, arch=ARCHS, dtype=st.sampled_from((torch.float32, torch.bfloat16)), prompt=PROMPTS)
    def test_no_gradient(self, student, reference, seed, arch, dtype, prompt):
        """No gradient is attached"""
        model, tokenizer = tiny_causal_lm(seed, arch, dtype), tiny_tokenizer()
        answer = student.next_token_logits(model, tokenizer, prompt)
        expected = reference.next_token_logits(model, tokenizer, prompt)
        close(answer, expected, rtol=0.05, atol=0.15 * float(expected.std()))
        expect(not answer.requires_grad, "the answer still has a gradient attached")

    @weight(2)
    @hint("A model in half precision gives scores in half precision; the answer is float32.")
    @settings(max_examples=8)
    @given(seed=SEEDS, arch=ARCHS, dtype=HALF, prompt=PROMPTS)
    def test_half_precision(self, student, reference, seed, arch, dtype, prompt):
        """A half-precision model gives float32 scores as well"""
        model, tokenizer = tiny_causal_lm(seed, arch, dtype), tiny_tokenizer()
        expected = reference.next_token_logits(model, tokenizer, prompt)
        spread = float(expected.std())
        close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=0.05, atol=0.15 * spread)

    @weight(1)
    @hint("Do not convert or retrain the model that you were given: the caller still uses it.")
    @settings(max_examples=8)
    @given(
        seed=st.integers(11, 12), arch=ARCHS, dtype=st.sampled_from((torch.float32, torch.bfloat16)), prompt=PROMPTS
    )  # models that no other check shows to the student, so that a change is seen when it happens
    def test_unchanged(self, student, reference, seed, arch, dtype, prompt):
        """The model is left as it was"""
        model, tokenizer = tiny_causal_lm(seed, arch, dtype), tiny_tokenizer()
        expected = reference.next_token_logits(model, tokenizer, prompt)
        loose = 0.15 * float(expected.std())
        close(student.next_token_logits.unchanged(model, tokenizer, prompt), expected, rtol=0.05, atol=loose)

    @weight(2)
    @hint("Try it on the course's own model: after 'The capital of France is' the best token is ' Paris'.")
    def test_course_model(self, student, reference):
        """The course's own model"""
        model, tokenizer = course_model(MODEL), course_tokenizer(MODEL)
        prompt = " Water freezes at"
        expected = reference.next_token_logits(model, tokenizer, prompt)
        close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-3, atol=1e-2)


@st.composite
def spread_logits(draw: st.DrawFn, low: int, high: int) -> torch.Tensor:
    """Scores without near ties: a shuffled ladder with steps of at least 0.01."""
    size = draw(st.integers(low, high))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    ladder = torch.arange(size) * draw(st.sampled_from((0.05, 0.3, 1.0)))
    ladder = ladder + 0.02 * torch.rand(size, generator=generator)
    return (ladder - ladder.mean())[torch.randperm(size, generator=generator)]


def same_pairs(answer, expected):
    """The answer is the expected list of pairs: the strings equal, the floats to within 1e-5."""
    expect(isinstance(answer, list), f"expected a list of pairs, not {answer!r:.80}")
    expect(len(answer) == len(expected), f"expected {len(expected)} pairs, not {len(answer)}")
    for rank, (pair, wanted) in enumerate(zip(answer, expected, strict=True), start=1):
        expect(
            isinstance(pair, list) and len(pair) == 2,
            f"number {rank} is {pair!r:.60}, not a pair of token and probability",
        )
        expect(type(pair[0]) is str, f"the token of number {rank} is {pair[0]!r:.60}, not a string")
        expect(pair[0] == wanted[0], f"number {rank} should be {wanted[0]!r}, not {pair[0]!r:.60}")
        expect(type(pair[1]) is float, f"the probability of number {rank} is not a Python float: {pair[1]!r:.60}")
        expect(
            abs(pair[1] - wanted[1]) <= 1e-5,
            f"the probability of {wanted[0]!r} should be {wanted[1]:.6f}, not {pair[1]:.6f}",
        )


@task("top-tokens", points=3)
class TestTopTokens:
    @weight(3)
    @hint("The probabilities are shares of the whole vocabulary; the most likely token comes first.")
    @given(logits=spread_logits(20, 384), k=st.integers(1, 12))
    def test_values(self, student, reference, logits, k):
        """The most likely tokens first, with their shares of the whole vocabulary"""
        tokenizer = tiny_tokenizer()
        same_pairs(student.top_tokens(logits, tokenizer, k), reference.top_tokens(logits, tokenizer, k))
        same_pairs(student.top_tokens(logits, tokenizer, k=k), reference.top_tokens(logits, tokenizer, k))

    @weight(1)
    @hint("Without k there are ten.")
    @given(logits=spread_logits(20, 384))
    def test_default(self, student, reference, logits):
        """Ten by default"""
        tokenizer = tiny_tokenizer()
        same_pairs(student.top_tokens(logits, tokenizer), reference.top_tokens(logits, tokenizer, 10))

    @weight(2)
    @hint("Decode each id by itself, with everything that belongs to it: spaces and special tokens too.")
    @settings(max_examples=2)
    @given(logits=spread_logits(49_152, 49_152))
    def test_decoded(self, student, reference, logits):
        """Each token as the tokenizer decodes it, spaces and special tokens included"""
        tokenizer = course_tokenizer(MODEL)
        scores = logits.clone()
        for rank, token in enumerate((0, 1, 260, 2, 338, 198, 31_000)):
            scores[token] = scores.max() + 1.0 + 0.1 * rank
        same_pairs(student.top_tokens(scores, tokenizer, 9), reference.top_tokens(scores, tokenizer, 9))

    @weight(1)
    @hint("There are no more tokens than the vocabulary has.")
    @given(logits=spread_logits(2, 90), extra=st.integers(0, 50))
    def test_all(self, student, reference, logits, extra):
        """A k beyond the vocabulary gives the whole vocabulary"""
        tokenizer = tiny_tokenizer()
        k = len(logits) + extra
        same_pairs(student.top_tokens(logits, tokenizer, k), reference.top_tokens(logits, tokenizer, k))
        same_pairs(student.top_tokens(logits[:7], tokenizer), reference.top_tokens(logits[:7], tokenizer))

    @weight(1)
    @hint("An integer need not be a Python int: NumPy's integers count as well.")
    @given(logits=spread_logits(20, 60), k=st.integers(1, 12), kind=st.sampled_from((np.int64, np.int32)))
    def test_any_integer(self, student, reference, logits, k, kind):
        """A k from NumPy is a k"""
        tokenizer = tiny_tokenizer()
        same_pairs(student.top_tokens(logits, tokenizer, kind(k)), reference.top_tokens(logits, tokenizer, k))

    @weight(1)
    @hint("Which k makes no sense? Raise a ValueError whose text says which k it was.")
    @given(logits=spread_logits(12, 30), k=st.sampled_from((0, -1, -37)))
    def test_bad_k(self, student, reference, logits, k):
        """A k below 1 raises ValueError and names it"""
        tokenizer = tiny_tokenizer()
        same_pairs(student.top_tokens(logits, tokenizer, 1), reference.top_tokens(logits, tokenizer, 1))
        student.top_tokens.raises(ValueError, logits, tokenizer, k, naming=str(k))

    @weight(1)
    @hint("Subtract the maximum; and float64 scores deserve float64 work.")
    @given(logits=spread_logits(20, 60), offset=st.sampled_from((-9000.0, 9000.0)))
    def test_precision(self, student, reference, logits, offset):
        """Large float64 scores keep their differences"""
        tokenizer = tiny_tokenizer()
        large = logits.double() + offset
        same_pairs(student.top_tokens(large, tokenizer, 6), reference.top_tokens(large, tokenizer, 6))

    @weight(1)
    @hint("Work on a copy of the scores.")
    @given(logits=spread_logits(12, 60), dtype=st.sampled_from((torch.float32, torch.float64)))
    def test_unchanged(self, student, reference, logits, dtype):
        """The scores are left as they were"""
        tokenizer = tiny_tokenizer()
        scores = logits.to(dtype)
        same_pairs(student.top_tokens.unchanged(scores, tokenizer, 5), reference.top_tokens(scores, tokenizer, 5))
