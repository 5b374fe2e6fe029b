"""encode_batch.  Most checks compare one key on inputs of one kind, so that a mistake costs what it spoils and no more."""

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, built, course_tokenizer, heart, hint, plain, same, task, weight

MODEL = "bert-base-uncased"
SEEDS = st.integers(0, 2**31)
TEXT = """cats dogs like Paris is the capital of France what we river bank seven people love music good every day near London some
small house green water they read book"""
WORDS = TEXT.split()
"""Words that are one token each."""
MORE = [*WORDS, "tokenization", "unbelievably", "naïve", "café", "Don't", "3.14", "e-mail", "🙂", "東京"]
FEW = settings(max_examples=5)
IDS, SEGMENTS, MASK = "input_ids", "token_type_ids", "attention_mask"
UNCHANGED = "A function leaves its arguments unchanged: lists, tensors, mappings, and the settings of a tokenizer."
INTEGERS = "An int may also come as a NumPy integer, such as `np.int64(8)`, alone or inside a list."
OTHER = "tokenizer: a tokenizer of the BERT family, not always the one above"


def only(encoding: Any, *keys: str) -> dict[str, Any]:
    """These keys of a reference's answer: an answer may have more."""
    return {key: encoding[key] for key in keys}


def text_of(generator: random.Random, words: list[str], low: int, high: int) -> str:
    """A text of `low` to `high` different words."""
    return " ".join(generator.sample(words, generator.randint(low, high)))


@st.composite
def equal(draw: st.DrawFn, rows: int, words: int) -> tuple[list[str], int]:
    """Different sentences of the same words, and the length that fits each of them exactly."""
    generator = random.Random(draw(SEEDS))
    chosen = generator.sample(WORDS, words)
    return [" ".join([*chosen[n:], *chosen[:n]]) for n in range(rows)], words + 2


@st.composite
def sentences(draw: st.DrawFn, low: int, high: int) -> list[str]:
    """Sentences of `low` to `high` words, longer ones first."""
    generator = random.Random(draw(SEEDS))
    return sorted((text_of(generator, MORE, low, high) for _ in range(draw(st.integers(3, 4)))), key=len, reverse=True)


@task("encode-batch", points=3)
class TestEncodeBatch:
    @plain
    @heart
    @weight(8)
    @asks("Independent sentences, one row each", topic="several sentences")
    @hint("Give the tokenizer the whole list: each sentence becomes a row of its own.")
    @FEW
    @given(case=equal(3, 4))
    def test_ids(self, student, reference, case):
        """Sentences that fit exactly: a row of ids for each"""
        tokenizer = course_tokenizer(MODEL)
        for batch, length in ((["Paris is green", "We eat bread", "I like cats"], 5), case):
            expected = reference.encode_batch(tokenizer, batch, length)
            same(student.encode_batch(tokenizer, batch, length), only(expected, IDS))

    @plain
    @weight(2)
    @asks("token_type_ids is 0 everywhere", topic="segments")
    @hint("Only the second half of a pair has segment 1; here are no pairs.")
    @FEW
    @given(case=equal(3, 4))
    def test_segments(self, student, reference, case):
        """Sentences that fit exactly: the segments"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, SEGMENTS))

    @plain
    @weight(2)
    @asks("attention_mask is 1 for real tokens and 0 for", topic="the mask")
    @hint("Without padding the mask is 1 everywhere.")
    @FEW
    @given(case=equal(3, 4))
    def test_mask(self, student, reference, case):
        """Sentences that fit exactly: the mask"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, MASK))

    @weight(5)
    @asks("Short rows are padded at the end", topic="padding")
    @hint("Pad at the end, up to max_length and not to the longest sentence.")
    @FEW
    @given(batch=sentences(2, 5), length=st.integers(30, 50))
    def test_padding(self, student, reference, batch, length):
        """Short sentences are padded up to max_length"""
        tokenizer = course_tokenizer(MODEL)
        for some, size in ((["I like cats", "Oui", "We eat"], 8), (batch, length)):
            expected = reference.encode_batch(tokenizer, some, size)
            same(student.encode_batch(tokenizer, some, size), only(expected, IDS))

    @weight(4)
    @asks("attention_mask is 1 for real tokens and 0 for", topic="the mask of padded rows")
    @hint("Mark padding with 0 in the mask.")
    @FEW
    @given(batch=sentences(2, 5), length=st.integers(30, 50))
    def test_padding_mask(self, student, reference, batch, length):
        """The mask tells padding from real tokens"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, MASK))

    @weight(2)
    @asks("token_type_ids is 0 everywhere", topic="the segments of padded rows")
    @hint("Padding has segment 0.")
    @FEW
    @given(batch=sentences(2, 5), length=st.integers(30, 50))
    def test_padding_segments(self, student, reference, batch, length):
        """Padding has segment 0"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, SEGMENTS))

    @weight(5)
    @asks("that [SEP] is still the last real token.", topic="truncation")
    @hint("Truncation makes room for the special tokens: the last real token of every row is [SEP].")
    @FEW
    @given(batch=sentences(12, 20), length=st.integers(4, 9))
    def test_truncation(self, student, reference, batch, length):
        """Long sentences are cut to max_length and still end with [SEP]"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, IDS))

    @weight(1)
    @asks("max_length: an int of 3 or more.", topic="the shortest length")
    @hint("A length of 3 has room for [CLS], one token and [SEP].", when="values raised")
    @FEW
    @given(batch=sentences(12, 20))
    def test_shortest(self, student, reference, batch):
        """Room for a single token"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_batch(tokenizer, batch, 3)
        same(student.encode_batch(tokenizer, batch, 3), only(expected, IDS))

    @weight(2)
    @asks("independent texts, one row each", topic="two sentences")
    @hint("Two strings side by side are a pair to a tokenizer; a list of two strings is two sentences.")
    @FEW
    @given(case=equal(2, 5))
    def test_two(self, student, reference, case):
        """Two sentences are not a pair"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, IDS))

    @weight(1)
    @asks("sentences: a list of at least one str", topic="a single sentence")
    @hint("One sentence is a batch with one row.", when="values form")
    @FEW
    @given(case=equal(1, 6))
    def test_one(self, student, reference, case):
        """A single sentence is still a list with one row"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, length), only(expected, IDS))

    @weight(1)
    @asks("may be empty; max_length: an int of 3 or more.", topic="an empty sentence")
    @hint("An empty sentence has a row too: [CLS], [SEP] and padding.", when="values raised")
    @FEW
    @given(case=equal(1, 3))
    def test_empty(self, student, reference, case):
        """An empty sentence has a row of its own"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        some = [*batch, "", *batch]
        expected = reference.encode_batch(tokenizer, some, length)
        same(student.encode_batch(tokenizer, some, length), only(expected, IDS))

    @weight(1)
    @asks(OTHER, topic="another tokenizer")
    @hint("Use the tokenizer that is passed to the function: its vocabulary may differ.")
    @FEW
    @given(repeats=st.integers(2, 5))
    def test_other_tokenizer(self, student, reference, repeats):
        """Another tokenizer"""
        tokenizer, batch = built("tiny-wordpiece"), ["the cat ? " * repeats, "cat the , " * repeats]
        expected = reference.encode_batch(tokenizer, batch, 3 * repeats + 2)
        same(student.encode_batch(tokenizer, batch, 3 * repeats + 2), only(expected, IDS))

    @weight(1)
    @asks(INTEGERS, topic="NumPy integers")
    @hint("A NumPy integer is a whole number too.", when="values raised")
    @FEW
    @given(case=equal(3, 4))
    def test_integers(self, student, reference, case):
        """A NumPy integer for max_length"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch(tokenizer, batch, np.int64(length)), only(expected, IDS))

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint(
        "Say what you want in the call: the list of sentences and the settings of the tokenizer belong to the caller."
    )
    @FEW
    @given(case=equal(3, 11))
    def test_unchanged(self, student, reference, case):
        """The list and the tokenizer are left as they were"""
        tokenizer, (batch, length) = course_tokenizer(MODEL), case  # a length that no other check asks for
        shouted = [batch[0].upper(), f" {batch[1]}", batch[2]]
        expected = reference.encode_batch(tokenizer, shouted, length)
        same(student.encode_batch.unchanged(tokenizer, shouted, length), only(expected, IDS))
