"""token_strings and real_lengths."""

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, built, course_tokenizer, heart, hint, plain, same, task, weight

MODEL = "bert-base-uncased"
SEEDS = st.integers(0, 2**31)
TEXT = """cats dogs like Paris is capital of France what we river bank seven people love music good every day near London some
small house green water they read book"""
WHOLE = TEXT.split()
"""Words that are one token each, no two the same."""
SPLIT = ["tokenization", "snowboarding", "unbelievably", "hashtagging"]
"""Words that the tokenizer splits, no two into the same piece."""
SOME, FEW = settings(max_examples=12), settings(max_examples=5)
UNCHANGED = "A function leaves its arguments unchanged: lists, tensors, mappings, and the settings of a tokenizer."
INTEGERS = "An int may also come as a NumPy integer, such as `np.int64(8)`, alone or inside a list."


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of different words, two of which the tokenizer splits."""
    generator = random.Random(draw(SEEDS))
    words = [*generator.sample(WHOLE, generator.randint(2, 7)), *generator.sample(SPLIT, 2)]
    generator.shuffle(words)
    return " ".join(words)


def same_pieces(answer: Any, expected: list[str]) -> None:
    """As `same`, without the special tokens around the text where the answer is a plain list or tuple of strings."""
    __tracebackhide__ = True
    if isinstance(answer, (list, tuple)) and all(isinstance(piece, str) for piece in answer):
        answer, expected = inner(answer), inner(expected)
    same(answer, expected)


def inner(pieces: Any) -> Any:
    """A list or tuple without the [CLS] at its beginning and the [SEP] at its end."""
    first, last = 0, len(pieces)
    while first < last and pieces[first] == "[CLS]":
        first += 1
    while first < last and pieces[last - 1] == "[SEP]":
        last -= 1
    return pieces[first:last]


@task("token-strings", points=2)
class TestTokenStrings:
    """All checks but one look past [CLS] and [SEP], so that an answer without them loses what they are worth and no more."""

    @plain
    @heart
    @weight(8)
    @asks("turn every id back into its string", topic="the pieces of ordinary texts")
    @hint("Let the tokenizer encode the text, then ask it for the string of every id.")
    @FEW
    @given(text=texts())
    def test_pieces(self, student, reference, text):
        """The pieces of a text, in order"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("Tokenization works!", text):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @plain
    @weight(8)
    @asks("The tokens of one text as strings, special tokens included, in order.", topic="special tokens")
    @hint("[CLS] stands first and [SEP] last, once each.")
    @FEW
    @given(text=texts())
    def test_special_tokens(self, student, reference, text):
        """[CLS] in front and [SEP] at the end"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("I like cats", text):
            same(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(2)
    @asks("what the vocabulary cannot spell is `[UNK]`", topic="words that the vocabulary cannot spell")
    @hint("What the vocabulary cannot spell is the token [UNK]; it stays in its place, as often as it occurs.")
    @FEW
    @given(text=texts())
    def test_unknown(self, student, reference, text):
        """Emoji become [UNK]"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("🙂 is no word", f"{text} 🙂 and 🙂"):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(2)
    @asks("a line break is white space like any other", topic="several lines")
    @hint("A text of several lines is still one text.")
    @FEW
    @given(text=texts())
    def test_lines(self, student, reference, text):
        """Several lines and wide spaces"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("first line\nsecond line\n\tthird", f"  {text}\n\nriver   bank "):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(2)
    @asks("a piece that occurs twice is listed twice", topic="repeated words")
    @hint("List a piece as often as it occurs.")
    @FEW
    @given(text=texts())
    def test_repetitions(self, student, reference, text):
        """Words that occur more than once"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("so so so so", f"{text} {text}"):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(1)
    @asks("a `[MASK]` that you type stays one token", topic="special tokens in the text")
    @hint("Give the tokenizer the text as it is: it knows its special tokens by their exact spelling.")
    @FEW
    @given(text=texts())
    def test_mask(self, student, reference, text):
        """[MASK] in a text"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("Paris is [MASK].", f"{text} [MASK]"):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(1)
    @asks("pieces that continue a word keep their `##`", topic="capitals and accents")
    @hint("List the tokenizer's own strings: lower case, without accents, with ## where a piece continues a word.")
    def test_capitals(self, student, reference):
        """Capitals, accents and other scripts"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("Ünïcödé CAPITALS", "naïve Straße, 東京 café?", "Don't e-mail the U.S.A. 3.14"):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(1)
    @asks("text: a str of any length, the empty one included", topic="an empty text")
    @hint("An empty text has no tokens but the special ones.", when="values raised")
    def test_empty(self, student, reference):
        """No text at all"""
        tokenizer = course_tokenizer(MODEL)
        for one in ("", " \n"):
            same_pieces(student.token_strings(tokenizer, one), reference.token_strings(tokenizer, one))

    @weight(2)
    @asks("(nothing is cut off, nothing is padded)", topic="long texts")
    @hint("The task names no longest text: do not truncate.")
    @settings(max_examples=2)
    @given(text=texts())
    def test_long(self, student, reference, text):
        """A text longer than the model could read"""
        tokenizer, long = course_tokenizer(MODEL), f"{text} " * 120
        same_pieces(student.token_strings(tokenizer, long), reference.token_strings(tokenizer, long))

    @weight(1)
    @asks("tokenizer: a tokenizer of the BERT family, not always the one above", topic="another tokenizer")
    @hint("Use the tokenizer that is passed to the function: its vocabulary may differ.")
    @FEW
    @given(text=texts())
    def test_other_tokenizer(self, student, reference, text):
        """Another tokenizer"""
        tokenizer = built("tiny-wordpiece")
        same_pieces(student.token_strings(tokenizer, text), reference.token_strings(tokenizer, text))


@st.composite
def masks(draw: st.DrawFn, shuffled: bool = False) -> list[list[int]]:
    """Rows of equal length, each with a real token and with padding, at the end unless `shuffled`."""
    generator = random.Random(draw(SEEDS))
    length = draw(st.integers(3, 12))
    rows = []
    for _ in range(draw(st.integers(2, 5))):
        real = generator.randint(1, length - 1)
        row = [1] * real + [0] * (length - real)
        if shuffled:
            generator.shuffle(row)
        rows.append(row)
    return rows


@task("real-lengths", points=2)
class TestRealLengths:
    @plain
    @heart
    @weight(8)
    @asks("How many tokens of each row are not padding.", topic="padding at the end")
    @hint("A real token is a 1 in the mask, padding is a 0. How many ones has each row?")
    @SOME
    @given(mask=masks())
    def test_values(self, student, reference, mask):
        """Padding at the end"""
        for rows in ([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]], mask):
            same(student.real_lengths(rows), reference.real_lengths(rows))

    @weight(3)
    @asks("models that write text are padded in **front**", topic="padding in front")
    @hint("Do not rely on where the padding is: count the ones.")
    @FEW
    @given(mask=masks())
    def test_front(self, student, reference, mask):
        """Padding in front"""
        for rows in ([[0, 1, 1, 1], [0, 0, 0, 1]], [row[::-1] for row in mask]):
            same(student.real_lengths(rows), reference.real_lengths(rows))

    @weight(2)
    @asks("anywhere: at the end, in front or in between.", topic="padding in between")
    @hint("Do not rely on where the padding is: count the ones.")
    @FEW
    @given(mask=masks(shuffled=True))
    def test_anywhere(self, student, reference, mask):
        """Padding in between"""
        for rows in ([[1, 0, 1, 1], [0, 1, 0, 1], [1, 0, 0, 1]], mask):
            same(student.real_lengths(rows), reference.real_lengths(rows))

    @weight(2)
    @asks("0 for a row that is all padding.", topic="full and empty rows")
    @hint("A row may be all real tokens or all padding; it has a length either way.", when="values raised")
    @FEW
    @given(length=st.integers(2, 9))
    def test_extremes(self, student, length):
        """A row that is all padding, and one without any"""
        same(student.real_lengths([[1] * length, [0] * length]), [length, 0])
        same(student.real_lengths([[0] * length, [1] * length, [1] * length]), [0, length, length])

    @weight(2)
    @asks("a list of whole numbers, one for each row of a mask, even if there is only one row", topic="a single row")
    @hint("One row gives a list with one number.", when="values raised")
    @FEW
    @given(mask=masks())
    def test_one_row(self, student, reference, mask):
        """A mask with one row"""
        for rows in ([[1, 1, 0]], mask[:1]):
            same(student.real_lengths(rows), reference.real_lengths(rows))

    @weight(1)
    @asks("attention_mask: a list of one or more rows of equal length", topic="long rows")
    @hint("A row may hold hundreds of real tokens: count in Python's own integers.")
    @FEW
    @given(length=st.integers(300, 400))
    def test_long_rows(self, student, length):
        """Rows of hundreds of tokens"""
        same(student.real_lengths([[1] * length, [1] * 256 + [0] * (length - 256)]), [length, 256])

    @weight(2)
    @asks("each a list of 0 and 1 (or of False and True)", topic="booleans")
    @hint("True counts as 1, False as 0; the answer holds ints.", when="values raised form")
    @FEW
    @given(mask=masks())
    def test_booleans(self, student, reference, mask):
        """Rows of booleans"""
        for rows in ([[1, 0, 0], [1, 1, 0]], mask):
            same(student.real_lengths([[bool(value) for value in row] for row in rows]), reference.real_lengths(rows))

    @weight(1)
    @asks(INTEGERS, topic="NumPy integers")
    @hint("A NumPy 1 is a 1: compare or add, do not look at the type.", when="values raised")
    @FEW
    @given(mask=masks())
    def test_integers(self, student, reference, mask):
        """Rows of NumPy integers"""
        for rows in ([[1, 0, 0], [1, 1, 0]], mask):
            answer = student.real_lengths([[np.int64(value) for value in row] for row in rows])
            same(as_ints(answer), reference.real_lengths(rows))

    @weight(2)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Removing or sorting entries of a row changes the mask that the caller still uses.")
    @FEW
    @given(mask=masks())
    def test_unchanged(self, student, reference, mask):
        """The mask is left as it was"""
        front = [row[::-1] for row in mask]
        same(student.real_lengths.unchanged(front), reference.real_lengths(front))


def as_ints(answer: Any) -> Any:
    """A list with its NumPy integers as Python's: the sum of NumPy integers is one, and that is no fault of the answer."""
    if not isinstance(answer, list):
        return answer
    return [int(entry) if isinstance(entry, np.integer) else entry for entry in answer]
