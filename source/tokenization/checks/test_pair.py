"""encode_pair.  Most checks compare one key on inputs of one kind, so that a mistake costs what it spoils and no more."""

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
FEW = settings(max_examples=5)
IDS, SEGMENTS, MASK = "input_ids", "token_type_ids", "attention_mask"
UNCHANGED = "A function leaves its arguments unchanged: lists, tensors, mappings, and the settings of a tokenizer."
INTEGERS = "An int may also come as a NumPy integer, such as `np.int64(8)`, alone or inside a list."
OTHER = "tokenizer: a tokenizer of the BERT family, not always the one above"
ROWS = "[CLS] first [SEP] second [SEP], then padding."


def only(encoding: Any, *keys: str) -> dict[str, Any]:
    """These keys of a reference's answer: an answer may have more."""
    return {key: encoding[key] for key in keys}


def text_of(generator: random.Random, words: list[str], low: int, high: int) -> str:
    """A text of `low` to `high` different words."""
    return " ".join(generator.sample(words, generator.randint(low, high)))


@st.composite
def pairs(draw: st.DrawFn, first: tuple[int, int], second: tuple[int, int]) -> tuple[str, str]:
    """Two texts of different words, each of them one token: the first may be the longer one, or the second."""
    generator = random.Random(draw(SEEDS))
    return text_of(generator, WORDS, *first), text_of(generator, WORDS[::-1], *second)


def fit(pair: tuple[str, str]) -> int:
    """The length that a pair of `pairs` fits exactly."""
    return sum(len(text.split()) for text in pair) + 3


SHORT = (2, 5), (2, 5)
"""How many words the texts of a short pair have."""


@task("encode-pair", points=3)
class TestEncodePair:
    @plain
    @weight(6)
    @asks("One pair of texts in one row", topic="ordinary pairs")
    @hint("Two strings side by side are a pair to a tokenizer: it makes one row and puts [SEP] after each of them.")
    @FEW
    @given(pair=pairs(*SHORT))
    def test_ids(self, student, reference, pair):
        """A pair that fits exactly: the ids"""
        tokenizer = course_tokenizer(MODEL)
        for one in (("I like cats", "We eat"), pair):
            expected = reference.encode_pair(tokenizer, *one, fit(one))
            same(student.encode_pair(tokenizer, *one, fit(one)), only(expected, IDS))

    @plain
    @heart
    @weight(6)
    @asks("token_type_ids is 0 up to the first [SEP], 1 up to the second", topic="segments")
    @hint("Given as a pair, the second text and its [SEP] get segment 1; everything before gets 0.")
    @FEW
    @given(pair=pairs(*SHORT))
    def test_segments(self, student, reference, pair):
        """A pair that fits exactly: segments 0 and 1"""
        tokenizer = course_tokenizer(MODEL)
        for one in (("I like cats", "We eat"), pair):
            expected = reference.encode_pair(tokenizer, *one, fit(one))
            same(student.encode_pair(tokenizer, *one, fit(one)), only(expected, SEGMENTS))

    @plain
    @weight(2)
    @asks("attention_mask is 1 for real tokens and 0 for padding.", topic="the mask")
    @hint("Without padding the mask is 1 everywhere.")
    @FEW
    @given(pair=pairs(*SHORT))
    def test_mask(self, student, reference, pair):
        """A pair that fits exactly: the mask"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, fit(pair))
        same(student.encode_pair(tokenizer, *pair, fit(pair)), only(expected, MASK))

    @weight(4)
    @asks(ROWS, topic="padding")
    @hint("Pad at the end, up to max_length.")
    @FEW
    @given(pair=pairs(*SHORT), more=st.integers(1, 20))
    def test_padding(self, student, reference, pair, more):
        """A short pair is padded up to max_length"""
        tokenizer, length = course_tokenizer(MODEL), fit(pair) + more
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair(tokenizer, *pair, length), only(expected, IDS))

    @weight(3)
    @asks("attention_mask is 1 for real tokens and 0 for padding.", topic="mask and segments of padding")
    @hint("Padding is 0 in the mask, and 0 in the segments too.")
    @FEW
    @given(pair=pairs(*SHORT), more=st.integers(1, 20))
    def test_padding_mask(self, student, reference, pair, more):
        """Padding is 0 in the mask and among the segments"""
        tokenizer, length = course_tokenizer(MODEL), fit(pair) + more
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair(tokenizer, *pair, length), only(expected, SEGMENTS, MASK))

    @weight(3)
    @asks("cuts the longer one, and both when both are long", topic="two long texts")
    @hint("With longest_first both texts are cut when both are long.", when="values raised")
    @FEW
    @given(pair=pairs((14, 14), (14, 14)), half=st.integers(3, 8))
    def test_both_long(self, student, reference, pair, half):
        """Two long texts share the room"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, 2 * half + 3)
        same(student.encode_pair(tokenizer, *pair, 2 * half + 3), only(expected, IDS))

    @weight(2)
    @asks("cuts the longer one, and both when both are long", topic="a long first text")
    @hint("With longest_first the longer text is cut, here the first.", when="values raised")
    @FEW
    @given(pair=pairs((15, 20), (1, 2)), length=st.integers(9, 15))
    def test_first_long(self, student, reference, pair, length):
        """Only the first is cut if the second is short"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair(tokenizer, *pair, length), only(expected, IDS))

    @weight(2)
    @asks("cuts the longer one, and both when both are long", topic="a long second text")
    @hint("With longest_first the longer text is cut, here the second.", when="values raised")
    @FEW
    @given(pair=pairs((1, 2), (15, 20)), length=st.integers(9, 15))
    def test_second_long(self, student, reference, pair, length):
        """Only the second is cut if the first is short"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair(tokenizer, *pair, length), only(expected, IDS))

    @weight(1)
    @asks("exactly as the tokenizer itself does it.", topic="an odd token over")
    @hint(
        "Let the tokenizer cut: of an odd room the longer text gets the token over, the second if they are equally long."
    )
    @FEW
    @given(pair=pairs((14, 14), (14, 14)), longer=pairs((18, 18), (12, 12)), half=st.integers(2, 5))
    def test_odd(self, student, reference, pair, longer, half):
        """An odd token over"""
        tokenizer = course_tokenizer(MODEL)
        for one in (pair, longer, longer[::-1]):
            expected = reference.encode_pair(tokenizer, *one, 2 * half + 4)
            same(student.encode_pair(tokenizer, *one, 2 * half + 4), only(expected, IDS))

    @weight(1)
    @asks("max_length: an int of 4 or more.", topic="the shortest length")
    @hint("A length of 4 has room for three special tokens and one other.", when="values raised")
    @FEW
    @given(pair=pairs((2, 9), (2, 9)))
    def test_shortest(self, student, reference, pair):
        """Room for one token"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, 4)
        same(student.encode_pair(tokenizer, *pair, 4), only(expected, IDS))

    @weight(1)
    @asks(OTHER, topic="another tokenizer")
    @hint("Use the tokenizer that is passed to the function: its vocabulary may differ.")
    @FEW
    @given(repeats=st.integers(2, 5))
    def test_other_tokenizer(self, student, reference, repeats):
        """Another tokenizer"""
        tokenizer, pair, length = built("tiny-wordpiece"), ("the cat " * repeats, "cat ? "), 2 * repeats + 5
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair(tokenizer, *pair, length), only(expected, IDS))

    @weight(1)
    @asks(INTEGERS, topic="NumPy integers")
    @hint("A NumPy integer is a whole number too.", when="values raised")
    @FEW
    @given(pair=pairs(*SHORT))
    def test_integers(self, student, reference, pair):
        """A NumPy integer for max_length"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, fit(pair))
        same(student.encode_pair(tokenizer, *pair, np.int64(fit(pair))), only(expected, IDS))

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Say what you want in the call: the settings of the tokenizer belong to the caller.")
    @FEW
    @given(pair=pairs((11, 12), (11, 12)))
    def test_unchanged(self, student, reference, pair):
        """The tokenizer is left as it was"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, fit(pair))
        same(student.encode_pair.unchanged(tokenizer, *pair, fit(pair)), only(expected, IDS))
