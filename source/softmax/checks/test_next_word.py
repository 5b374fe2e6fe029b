"""next_token_logits and top_tokens."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import (
    asks,
    close,
    course_model,
    course_tokenizer,
    heart,
    hint,
    plain,
    same,
    task,
    tiny_causal_lm,
    tiny_tokenizer,
    weight,
)

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
SEEDS = st.integers(1, 4)
ARCHITECTURES = ("llama", "gpt2")
HALF = (torch.bfloat16, torch.float16)
ORDINARY = ("The cat sat on", "a", "UPPER and lower CASE", "I think, therefore I", "x y")
TRICKY = (
    "  two spaces at each end  ", "a space behind ", " a space before", "a line break\n", "\n\tx",
    "two  spaces between", "two lines\nand a\ttab", "naïve café, 東京 🙂",
)  # fmt: skip
LONG = (
    "Once upon a time there was a very small model that could only count to three, and it did. "
    "Every morning it counted to three, every evening it counted to three, and one night it counted to"
)
PROMPTS = st.sampled_from((*ORDINARY, *TRICKY, LONG))


def about(expected: torch.Tensor) -> dict[str, float]:
    """The tolerance for scores of a model in half precision, which a float32 copy of it computes more exactly."""
    return {"rtol": 0.05, "atol": 0.4 * float(expected.std())}


@task("next-token-logits", points=3)
class TestNextTokenLogits:
    @heart
    @plain
    @weight(38)
    @asks("Returns a float32 tensor of shape [V], the logits of the last position", topic="ordinary prompts")
    @hint(
        "logits has the shape (batch, sequence, vocabulary); what follows the prompt stands at one position, as the model gave it."
    )
    @settings(max_examples=3)
    @given(seed=SEEDS)
    def test_values(self, student, reference, seed):
        """The scores of what follows the whole prompt"""
        tokenizer = tiny_tokenizer()
        for number, prompt in enumerate(ORDINARY, start=seed):
            model = tiny_causal_lm(seed, ARCHITECTURES[number % 2])
            expected = reference.next_token_logits(model, tokenizer, prompt)
            close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-4, atol=1e-4, detached=True)

    @weight(12)
    @asks("prompt: a str of any length, used exactly as it is.", topic="white space and other letters")
    @hint(
        "White space is part of a prompt, at its ends too, and so is any other sign. Give it to the tokenizer untouched."
    )
    @settings(max_examples=1)
    @given(seed=SEEDS)
    def test_as_it_is(self, student, reference, seed):
        """Every sign of a prompt counts, white space included"""
        tokenizer = tiny_tokenizer()
        for number, prompt in enumerate(TRICKY, start=seed):
            model = tiny_causal_lm(seed, ARCHITECTURES[number % 2])
            expected = reference.next_token_logits(model, tokenizer, prompt)
            close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-4, atol=1e-4, detached=True)

    @weight(8)
    @asks("prompt: a str of any length, used exactly as it is.", topic="long prompts")
    @hint("A long prompt is read to its end: nothing may cut it off.")
    @settings(max_examples=2)
    @given(seed=SEEDS)
    def test_long(self, student, reference, seed):
        """A long prompt is read to its end"""
        tokenizer = tiny_tokenizer()
        for arch in ARCHITECTURES:
            model = tiny_causal_lm(seed, arch)
            expected = reference.next_token_logits(model, tokenizer, LONG)
            close(student.next_token_logits(model, tokenizer, LONG), expected, rtol=1e-4, atol=1e-4, detached=True)

    @weight(8)
    @asks("An answer depends on the arguments alone, not on what was called before.", topic="one call after another")
    @hint(
        "What the function was asked before must not matter: only the model, the tokenizer and the prompt that it is given."
    )
    @settings(max_examples=6)
    @given(
        seed=SEEDS, arch=st.sampled_from(ARCHITECTURES), prompts=st.lists(PROMPTS, min_size=2, max_size=2, unique=True)
    )
    def test_again(self, student, reference, seed, arch, prompts):
        """One model after another, one prompt after another, and the same once more"""
        tokenizer = tiny_tokenizer()
        first, second = tiny_causal_lm(seed, arch), tiny_causal_lm(seed % 4 + 1, arch)
        for model, prompt in ((first, prompts[0]), (second, prompts[0]), (first, prompts[1]), (first, prompts[0])):
            expected = reference.next_token_logits(model, tokenizer, prompt)
            close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-4, atol=1e-4, detached=True)

    @weight(14)
    @asks("float32 also where the model computes in half precision", topic="models in half precision")
    @hint(
        "A model in half precision gives scores in half precision: convert them to float32 before anything else.",
        when="values raised form",
    )
    @settings(max_examples=3)
    @given(seed=SEEDS, prompt=st.sampled_from(ORDINARY))
    def test_half_precision(self, student, reference, seed, prompt):
        """A half-precision model gives float32 scores as well"""
        tokenizer = tiny_tokenizer()
        for dtype in HALF:
            for arch in ARCHITECTURES:
                model = tiny_causal_lm(seed, arch, dtype)
                expected = reference.next_token_logits(model, tokenizer, prompt)
                answer = student.next_token_logits(model, tokenizer, prompt)
                close(answer, expected, **about(expected), detached=True)

    @weight(8)
    @asks("Leaves the model as it was.", topic="the model left as it was")
    @hint("Do not convert or retrain the model that you were given: the caller still uses it.")
    @settings(max_examples=2)
    @given(seed=st.integers(11, 12), prompt=st.sampled_from(ORDINARY))
    def test_unchanged(self, student, reference, seed, prompt):
        """The model is left as it was"""
        # Models that no other check shows to the student, so that a change is seen when it happens.
        tokenizer = tiny_tokenizer()
        for dtype in (torch.bfloat16, torch.float32):
            for arch in ARCHITECTURES:
                model = tiny_causal_lm(seed, arch, dtype)
                expected = reference.next_token_logits(model, tokenizer, prompt)
                answer = student.next_token_logits.unchanged(model, tokenizer, prompt)
                close(answer, expected, **about(expected), detached=True)

    @weight(12)
    @asks("model: a causal language model; tokenizer: the one that belongs to it", topic="the course's own model")
    @hint("Try it on the course's own model: after 'The capital of France is' the best token is ' Paris'.")
    def test_course_model(self, student, reference):
        """The course's own model"""
        model, tokenizer = course_model(MODEL), course_tokenizer(MODEL)
        prompt = "Water freezes at"
        expected = reference.next_token_logits(model, tokenizer, prompt)
        close(student.next_token_logits(model, tokenizer, prompt), expected, rtol=1e-3, atol=1e-2, detached=True)


VOCABULARY = 384
READABLE = [*range(1, 95), *range(283, VOCABULARY)]
"""The ids of the tiny tokenizer that stand for visible letters and signs, spelt in its vocabulary as they are decoded."""
ANY = 1.0
"""A tolerance for probabilities where a check is about the tokens."""


def ranked(seed: int, size: int, step: float, best: list[int] = READABLE) -> torch.Tensor:
    """Scores of shape [size] without near ties: twenty of the ids in `best` come first, in a random order."""
    generator = torch.Generator().manual_seed(seed)
    top = [best[place] for place in torch.randperm(len(best), generator=generator)[:20].tolist() if best[place] < size]
    rest = [token for token in torch.randperm(size, generator=generator).tolist() if token not in set(top)]
    ladder = torch.arange(size, 0, -1) * step + 0.4 * step * torch.rand(size, generator=generator)
    scores = torch.empty(size)
    scores[torch.tensor(top + rest)] = ladder - ladder.mean()
    return scores


@st.composite
def rankings(draw: st.DrawFn, size: int = VOCABULARY) -> torch.Tensor:
    return ranked(draw(st.integers(0, 2**31)), size, draw(st.sampled_from((0.05, 0.1, 0.3))))


def vocabulary_with(*best: int) -> torch.Tensor:
    """Scores of the course model's vocabulary in which the ids in `best` come first."""
    scores = torch.linspace(-9, -1, 49_152)
    for rank, token in enumerate(best):
        scores[token] = 5.0 - 0.5 * rank
    return scores


@task("top-tokens", points=3)
class TestTopTokens:
    @plain
    @weight(22)
    @asks("The k most likely tokens and their probabilities, most likely first.", topic="the most likely tokens")
    @hint("Sort by probability, the highest first, and keep k. Each entry is a pair: the token, then its probability.")
    @settings(max_examples=8)
    @given(logits=rankings(), k=st.integers(1, 12))
    def test_tokens(self, student, reference, logits, k):
        """The most likely tokens, the most likely one first"""
        tokenizer = tiny_tokenizer()
        for scores, size in ((ranked(7, VOCABULARY, 0.3), 5), (logits, k)):
            expected = reference.top_tokens(scores, tokenizer, size)
            same(student.top_tokens(scores, tokenizer, size), expected, atol=ANY)
        same(student.top_tokens(logits, tokenizer, k=k), reference.top_tokens(logits, tokenizer, k), atol=ANY)

    @heart
    @plain
    @weight(20)
    @asks("the probabilities are shares of the **whole** vocabulary", topic="shares of the whole vocabulary")
    @hint(
        "The softmax goes over the whole vocabulary, before anything is cut off: the shares of the best do not add up to 1."
    )
    @settings(max_examples=6)
    @given(logits=rankings(), k=st.integers(1, 12))
    def test_shares(self, student, reference, logits, k):
        """Their shares of the whole vocabulary"""
        tokenizer = tiny_tokenizer()
        flat = ranked(8, VOCABULARY, 0.05)
        same(student.top_tokens(flat, tokenizer, 6), reference.top_tokens(flat, tokenizer, 6), atol=5e-3)
        same(student.top_tokens(logits, tokenizer, k), reference.top_tokens(logits, tokenizer, k), atol=5e-3)

    @weight(7)
    @asks("its probability under the softmax of the whole vocabulary, within 1e-5", topic="five digits")
    @hint("Compute in float32 at least, and do not round.")
    @settings(max_examples=6)
    @given(logits=rankings(), k=st.integers(1, 12))
    def test_digits(self, student, reference, logits, k):
        """The probabilities are right to five digits"""
        tokenizer = tiny_tokenizer()
        for scores, size in ((ranked(9, VOCABULARY, 0.3), 12), (logits, k)):
            expected = reference.top_tokens(scores, tokenizer, size)
            same(student.top_tokens(scores, tokenizer, size), expected, atol=1e-5)

    @weight(7)
    @asks("def top_tokens(logits, tokenizer, k=10):", topic="ten by default")
    @hint("Without k there are ten.")
    @settings(max_examples=6)
    @given(logits=rankings())
    def test_default(self, student, reference, logits):
        """Ten by default"""
        tokenizer = tiny_tokenizer()
        same(student.top_tokens(logits, tokenizer), reference.top_tokens(logits, tokenizer, 10), atol=ANY)

    @weight(10)
    @asks("each token decoded by itself, spaces kept and special tokens shown", topic="tokens with spaces")
    @hint("Decode each id by itself: the space in front of a word and a line break belong to the token.")
    def test_spaces(self, student, reference):
        """Tokens keep their spaces and line breaks"""
        tokenizer, scores = course_tokenizer(MODEL), vocabulary_with(260, 198, 338, 31_000, 253)
        same(student.top_tokens(scores, tokenizer, 5), reference.top_tokens(scores, tokenizer, 5), atol=ANY)

    @weight(8)
    @asks("each token decoded by itself, spaces kept and special tokens shown", topic="special tokens")
    @hint("Decode each id with everything that belongs to it: the tokenizer must not skip special tokens.")
    def test_special(self, student, reference):
        """Special tokens are shown"""
        tokenizer, scores = course_tokenizer(MODEL), vocabulary_with(2, 31_000, 0, 1)
        same(student.top_tokens(scores, tokenizer, 4), reference.top_tokens(scores, tokenizer, 4), atol=ANY)

    @weight(7)
    @asks("larger values count as V", topic="k above the vocabulary")
    @hint(
        "There are no more tokens than scores: a larger k gives them all, one entry for each id.", when="values raised"
    )
    @settings(max_examples=4)
    @given(seed=st.integers(0, 2**31), size=st.integers(11, 90), extra=st.integers(1, 50))
    def test_all(self, student, reference, seed, size, extra):
        """A k beyond the vocabulary gives the whole vocabulary"""
        # Steps so small that the last probability is no 0 in float32, where all ties would begin.
        tokenizer, logits = tiny_tokenizer(), ranked(seed, VOCABULARY, 0.05)
        for scores, k in ((logits[:size], size + extra), (logits[:7], 10), (logits, VOCABULARY)):
            same(student.top_tokens(scores, tokenizer, k), reference.top_tokens(scores, tokenizer, k), atol=ANY)

    @weight(6)
    @asks("k: an integer, NumPy's included", topic="NumPy integers")
    @hint("An integer need not be a Python int: NumPy's integers count as well.", when="values raised")
    @settings(max_examples=4)
    @given(logits=rankings(), k=st.integers(1, 12))
    def test_any_integer(self, student, reference, logits, k):
        """NumPy integers work"""
        tokenizer = tiny_tokenizer()
        for kind in (np.int64, np.int32):
            same(student.top_tokens(logits, tokenizer, kind(k)), reference.top_tokens(logits, tokenizer, k), atol=ANY)

    @weight(6)
    @asks("Raises ValueError if k is less than 1", topic="k below 1")
    @hint("Which values of k make no sense? Raise a ValueError for each of them.", when="not_raised raised")
    @settings(max_examples=3)
    @given(logits=rankings(), k=st.integers(-40, -2))
    def test_bad_k(self, student, reference, logits, k):
        """A k below 1 raises ValueError"""
        tokenizer = tiny_tokenizer()
        same(student.top_tokens(logits, tokenizer, 1), reference.top_tokens(logits, tokenizer, 1), atol=ANY)
        for bad in (0, -1, k):
            student.top_tokens.raises(ValueError, logits, tokenizer, bad)

    @weight(3)
    @asks("the error's text contains the value of k", topic="the error names k")
    @hint('Put the value of k into the error\'s text: ValueError(f"… {k}").')
    @settings(max_examples=3)
    @given(logits=rankings(), k=st.integers(-40, -2))
    def test_bad_k_named(self, student, reference, logits, k):
        """The error for a bad k names its value"""
        tokenizer = tiny_tokenizer()
        same(student.top_tokens(logits, tokenizer, 1), reference.top_tokens(logits, tokenizer, 1), atol=ANY)
        for bad in (0, k):
            student.top_tokens.raises(ValueError, logits, tokenizer, bad, naming=str(bad))

    @weight(6)
    @asks("Works for scores of +-10,000.", topic="large scores")
    @hint("e to a large power overflows: subtract the maximum first.")
    @settings(max_examples=6)
    @given(logits=rankings(), offset=st.sampled_from((-9000.0, 9000.0)))
    def test_large(self, student, reference, logits, offset):
        """Large scores do not overflow"""
        tokenizer = tiny_tokenizer()
        for scores in (ranked(9, VOCABULARY, 0.3) + 9000.0, logits + offset):
            same(student.top_tokens(scores, tokenizer, 6), reference.top_tokens(scores, tokenizer, 6), atol=5e-3)

    @weight(4)
    @asks("float64 input is computed in float64.", topic="float64")
    @hint(
        "In float32, float64 scores that differ in their last digits become equal. Compute in the precision that came in."
    )
    @settings(max_examples=6)
    @given(seed=st.integers(0, 2**31))
    def test_precision(self, student, reference, seed):
        """float64 scores keep their differences"""
        tokenizer = tiny_tokenizer()
        fine = 500.0 + ranked(seed, VOCABULARY, 1.0).double() * 1e-6
        same(student.top_tokens(fine, tokenizer, 12), reference.top_tokens(fine, tokenizer, 12), atol=ANY)

    @weight(4)
    @asks("A function does not change its arguments", topic="arguments left unchanged")
    @hint("Work on a copy of the scores.")
    @settings(max_examples=4)
    @given(logits=rankings())
    def test_unchanged(self, student, reference, logits):
        """The scores are left as they were"""
        tokenizer = tiny_tokenizer()
        for scores in (logits, logits.double()):
            expected = reference.top_tokens(scores, tokenizer, 5)
            same(student.top_tokens.unchanged(scores, tokenizer, 5), expected, atol=ANY)
