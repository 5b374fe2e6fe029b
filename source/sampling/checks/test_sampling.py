"""sample_token.

Draws are compared with the distribution that they should follow, never with one particular sampler's tokens.  A right answer fails one
comparison with a probability below 1e-7 (see `surprise` in references.py), which is a theorem for every number of draws; a wrong one is
found because each check asks for so many draws, from such a distribution, that the two are far apart."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, expect, generator, heart, hint, plain, same, task, weight

SEEDS = st.integers(0, 2**31).filter(bool)
ONCE = settings(max_examples=1)
ALARM = math.log(1e-7)
"""A submission has ten comparisons, nine here and one in test_generate.py; the checks with a smaller chance of their own say how small
it is.  Together that is a false alarm in about one of a million submissions."""


def shuffled(seed: int, shares: list[float], dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Scores with the given probabilities, in random order and with a random constant added."""
    source = torch.Generator().manual_seed(seed)
    scores = torch.tensor(shares, dtype=torch.float64).log() + 4 * torch.rand(1, generator=source, dtype=torch.float64)
    return scores[torch.randperm(len(shares), generator=source)].to(dtype)


def id_of(answer, size):
    """The token that an answer stands for, whatever its form."""
    token = int(torch.as_tensor(answer).reshape(()))
    same(answer, token)
    expect(0 <= token < size, f"returned {token}; expected the id of one of {size} tokens")
    return token


def follows(drawn, shares, reference, group_of):
    """The draws follow the probabilities, after tokens have been put into groups."""
    groups = [0.0] * (max(group_of) + 1)
    for group, share in zip(group_of, shares, strict=True):
        groups[group] += share
    for token in drawn:
        expect(shares[token] > 0, f"token {token} was drawn, which is ruled out")
    surprising = len(set(drawn)) == 1 and reference.surprise([group_of[token] for token in drawn], groups) <= ALARM
    expect(not surprising, f"{len(drawn)} draws in a row all gave the token {drawn[0]}: nothing is drawn at random")
    counts = [group_of[token] for token in drawn]
    seen = ", ".join(f"{counts.count(group)} (expected {share * len(drawn):.0f})" for group, share in enumerate(groups))
    expect(
        reference.surprise(counts, groups) > ALARM,
        f"{len(drawn)} draws do not follow the probabilities; from the likeliest tokens to the least likely: {seen}",
    )


def ranks(shares, ends):
    """For each token the group of its rank: 0 for the ranks below ends[0], 1 for those below ends[1] and so on."""
    order = sorted(range(len(shares)), key=lambda token: -shares[token])
    groups = [0] * len(shares)
    for rank, token in enumerate(order):
        groups[token] = sum(rank >= end for end in ends)
    return groups


def compare(student, reference, seed, times, logits, *partitions, **how):
    """Compares `times` draws with what they should follow, for each way to put the tokens into groups.

    One generator draws them all, except at a temperature: an answer that changes the caller's scores would change the next draw's."""
    size, shares = len(logits), reference.distribution(logits, **how).tolist()
    id_of(student.sample_token(logits, generator(seed), **how), size)
    if "temperature" in how:
        # Seeds of their own: two draws of `seed` may lie close to each other.
        answers = [student.sample_token(logits, generator(seed * 1000 + number), **how) for number in range(times)]
    else:
        answers = student.sample_token.repeated(times, logits, generator(seed), **how)
    drawn = [id_of(answer, size) for answer in answers]
    for ends in partitions:
        follows(drawn, shares, reference, ranks(shares, ends))


HEAD_AND_TAIL = [0.3] + [0.0136 * math.exp(-rank / 80) for rank in range(200)]
FEW_TOKENS = [0.7, 0.1, 0.1, 0.1]
"""A draw with Gumbel noise from which a logarithm is missing takes the first of these with 0.81."""
LONG_TAIL = [0.04] * 12 + [0.52 / 19_988] * 19_988
"""Over half of the probability lies in tokens of less than 0.00003 each."""
HALF_AND_MANY = [0.5] + [0.005] * 100
SIX_AND_TAIL = [0.42, 0.09, 0.04, 0.025, 0.013, 0.012] + [0.008 + 0.00001 * rank for rank in range(50)]
FOUR_AND_TAIL = [0.32, 0.14, 0.09, 0.08] + [0.01 + 0.00001 * rank for rank in range(37)]
FIVE_AND_TAIL = [0.22, 0.15, 0.10, 0.07, 0.06] + [0.0155 + 0.00002 * rank for rank in range(25)]


@task("sample-token", points=4)
class TestSampleToken:
    @plain
    @heart
    @weight(3)
    @asks("over many draws each token as often as its probability says", topic="ordinary scores")
    @hint("Softmax, then one draw: each token of the vocabulary comes as often as its probability says.")
    @ONCE
    @given(seed=SEEDS)
    def test_plain(self, student, reference, seed):
        """600 draws from the whole vocabulary follow the softmax"""
        compare(student, reference, seed, 600, shuffled(seed, HEAD_AND_TAIL), (1, 41, 81, 121, 161), (161,))

    @plain
    @heart
    @weight(2)
    @asks("over many draws each token as often as its probability says", topic="few tokens")
    @hint("With few tokens the proportions show: for the Gumbel trick, both logarithms are needed.")
    @ONCE
    @given(seed=SEEDS)
    def test_few(self, student, reference, seed):
        """2500 draws among four tokens follow the softmax"""
        compare(student, reference, seed, 2500, shuffled(seed, FEW_TOKENS), (1,), (1, 2, 3))

    @plain
    @heart
    @weight(1)
    @asks("temperature, then top-k, then top-p, then one draw with the generator", topic="temperature alone")
    @hint("The temperature belongs to the scores, before they become probabilities, and once.")
    @ONCE
    @given(seed=SEEDS)
    def test_temperature(self, student, reference, seed):
        """200 draws follow the temperature"""
        logits = shuffled(seed, HALF_AND_MANY).double() / 2
        compare(student, reference, seed, 200, logits, (1, 51), temperature=0.5)

    @plain
    @heart
    @weight(1)
    @asks("temperature, then top-k, then top-p, then one draw with the generator", topic="top-k alone")
    @hint("Among the k best the probabilities keep their proportions; nothing else is ever drawn.")
    @ONCE
    @given(seed=SEEDS)
    def test_top_k(self, student, reference, seed):
        """150 draws stay among the k best and follow their probabilities"""
        compare(student, reference, seed, 150, shuffled(seed, SIX_AND_TAIL), (1, 2, 3), top_k=6)

    @plain
    @heart
    @weight(1)
    @asks("temperature, then top-k, then top-p, then one draw with the generator", topic="top-p alone")
    @hint("Inside the nucleus the probabilities keep their proportions; nothing else is ever drawn.")
    @ONCE
    @given(seed=SEEDS)
    def test_top_p(self, student, reference, seed):
        """250 draws stay inside the nucleus and follow its probabilities"""
        compare(student, reference, seed, 250, shuffled(seed, FOUR_AND_TAIL), (1, 2, 3), top_p=0.6)

    @weight(3)
    @asks("The order matters", topic="all three knobs together")
    @hint("Temperature first, then top-k, then top-p, each on what the one before has left.")
    @ONCE
    @given(seed=SEEDS)
    def test_order(self, student, reference, seed):
        """Temperature, then top-k, then top-p"""
        logits = shuffled(seed, FIVE_AND_TAIL) * 0.6
        compare(student, reference, seed, 120, logits, (1,), temperature=0.6, top_k=5, top_p=0.55)

    @heart
    @weight(3)
    @asks("All randomness comes from `generator`", topic="the generator")
    @hint("All randomness comes from the generator that was given; torch's global state has no say.")
    @settings(max_examples=3)
    @given(seed=SEEDS)
    def test_seed(self, student, seed):
        """The same seed gives the same token, other seeds give others"""
        logits = shuffled(seed, [1.0 + 0.01 * rank for rank in range(60)])
        tokens = []
        for number in range(seed, seed + 8):
            first, again = (id_of(student.sample_token(logits, generator(number)), 60) for _ in range(2))
            expect(first == again, f"the same seed gave the token {first}, then {again}")
            tokens.append(first)
        expect(len(set(tokens)) > 2, f"eight seeds gave only the tokens {sorted(set(tokens))}")

    @weight(1)
    @asks("Without filters every token can be drawn, however unlikely", topic="a long tail")
    @hint("Without filters every token of the vocabulary can come, however long the tail.")
    @ONCE
    @given(seed=SEEDS)
    def test_tail(self, student, reference, seed):
        """In a large vocabulary the unlikely tokens are drawn too"""
        compare(student, reference, seed, 80, shuffled(seed, LONG_TAIL), (12, 1000, 10_000))

    @weight(1)
    @asks("never one that was ruled out", topic="only one token left")
    @hint("Try each of the three alone and together: every one must reach the scores, also when another is given.")
    @settings(max_examples=6)
    @given(seed=SEEDS, size=st.integers(8, 40), dtype=st.sampled_from((torch.float32, torch.float64)))
    def test_certain(self, student, seed, size, dtype):
        """Where only one token can be drawn, it is drawn"""
        logits = shuffled(seed, [1.5**rank for rank in range(size)], dtype)
        logits, best = logits - logits.max() + 0.5, int(logits.argmax())
        settings_of_one = (
            (1.0, 1, None), (1.0, None, 1e-4), (0.015, None, None), (30.0, 1, 0.9), (2.0, 5, 1e-4),
            (0.015, 5, None), (0.015, None, 0.95), (0.015, size + 5, 1.0),
        )  # fmt: skip
        for temperature, top_k, top_p in settings_of_one:
            answer = student.sample_token(logits, generator(seed), temperature=temperature, top_k=top_k, top_p=top_p)
            token = id_of(answer, size)
            expect(token == best, f"returned token {token}; expected {best}, the only one that was left to draw")

    @weight(1)
    @asks("Arguments stay as they were", topic="arguments left unchanged")
    @hint("Work on copies of the scores.")
    @settings(max_examples=6)
    @given(seed=SEEDS, dtype=st.sampled_from((torch.float32, torch.float64)))
    def test_unchanged(self, student, seed, dtype):
        """The scores are left as they were"""
        logits = shuffled(seed, [1.5**rank for rank in range(12)], dtype)
        logits -= logits.max() - 0.5
        logits[logits.argmin()] = -math.inf
        for how in (
            {"temperature": 0.015},
            {"top_k": 1},
            {"top_p": 1e-4},
            {"temperature": 0.015, "top_k": 4, "top_p": 0.9},
        ):
            token, best = (
                id_of(student.sample_token.unchanged(logits, generator(seed), **how), 12),
                int(logits.argmax()),
            )
            expect(token == best, f"returned token {token}; expected {best}, the only one that was left to draw")
