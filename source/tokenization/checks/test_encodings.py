"""token_strings, encode_batch, encode_pair and real_lengths."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import built, course_tokenizer, hint, same, task, weight

MODEL = "bert-base-uncased"
SEEDS = st.integers(0, 2**31)
TEXT = """the cats sat on a mat I like cats What is the capital of France ? Paris is the capital . My cats speak french better than i do .
tokenization unbelievably embeddings Don't UPPER naïve café 東京 Straße 3.14 2026 U.S.A. e-mail snowboarding 🙂 [MASK] (well) , !"""
WORDS = TEXT.split()
SOME, FEW = settings(max_examples=12), settings(max_examples=5)


def text_of(generator: random.Random, low: int, high: int) -> str:
    """A text of `low` to `high` words."""
    return " ".join(generator.choices(WORDS, k=generator.randint(low, high)))


@st.composite
def texts(draw: st.DrawFn, low: int = 1, high: int = 12) -> str:
    return text_of(random.Random(draw(SEEDS)), low, high)


@st.composite
def sentences(draw: st.DrawFn, rows: tuple[int, int] = (1, 5), words: tuple[int, int] = (0, 9)) -> list[str]:
    """Some texts; none of them empty unless `words` begins at 0."""
    generator = random.Random(draw(SEEDS))
    return [text_of(generator, *words) for _ in range(draw(st.integers(*rows)))]


def tiny_tokenizer():
    """Another tokenizer than the course's, with the same special tokens."""
    return built("tiny-wordpiece")


@task("token-strings", points=2)
class TestTokenStrings:
    @weight(2)
    @hint("Let the tokenizer encode the text, then ask it for the string of every id.")
    @FEW
    @given(text=texts())
    def test_values(self, student, reference, text):
        """The pieces of a text in order, special tokens included"""
        tokenizer = course_tokenizer(MODEL)
        same(student.token_strings(tokenizer, text), reference.token_strings(tokenizer, text))

    @weight(1)
    @hint("The pieces are what the tokenizer makes of the text, not the words that were in it.")
    def test_awkward(self, student, reference):
        """Unknown signs, several lines, capitals, accents, repetitions and no text at all"""
        tokenizer = course_tokenizer(MODEL)
        for text in (
            "",
            "🙂 is no word",
            "first line\nsecond line\n\tthird",
            "Ünïcödé CAPITALS",
            "so so so so",
            "Paris is [MASK].",
        ):
            same(student.token_strings(tokenizer, text), reference.token_strings(tokenizer, text))

    @weight(1)
    @hint("Nothing was said about a longest text: cut nothing off and fill nothing up.")
    @FEW
    @given(text=texts(520, 560))
    def test_long(self, student, reference, text):
        """A text longer than the model could read stays whole"""
        tokenizer = course_tokenizer(MODEL)
        same(student.token_strings(tokenizer, text), reference.token_strings(tokenizer, text))

    @weight(1)
    @hint("Use the tokenizer that the function was given; its vocabulary may be another one.")
    @FEW
    @given(text=texts(2, 6))
    def test_other_tokenizer(self, student, reference, text):
        """Another tokenizer"""
        same(student.token_strings(tiny_tokenizer(), text), reference.token_strings(tiny_tokenizer(), text))


@task("encode-batch", points=3)
class TestEncodeBatch:
    @weight(2)
    @hint("Give the tokenizer the whole list, with padding and truncation to max_length.")
    @FEW
    @given(batch=sentences((3, 6)), length=st.integers(6, 24))
    def test_values(self, student, reference, batch, length):
        """Several sentences: ids, segments and mask, every row of max_length"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))
        same(
            student.encode_batch(tokenizer, sentences=batch, max_length=length),
            reference.encode_batch(tokenizer, batch, length),
        )

    @weight(1)
    @hint("Two strings side by side are a pair to a tokenizer; a list of two strings is two sentences.")
    @FEW
    @given(batch=sentences((2, 2), (1, 6)), length=st.integers(8, 24))
    def test_two(self, student, reference, batch, length):
        """Two sentences are not a pair"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))

    @weight(1)
    @hint("One sentence is a batch with one row.")
    @FEW
    @given(batch=sentences((1, 1)), length=st.integers(3, 16))
    def test_one(self, student, reference, batch, length):
        """A single sentence is still a list of rows"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))

    @weight(2)
    @hint("Truncation makes room for the special tokens: the last real token of every row is [SEP].")
    @FEW
    @given(batch=sentences((1, 4), (10, 20)), length=st.integers(3, 9))
    def test_truncation(self, student, reference, batch, length):
        """A sentence that is too long is cut, and still ends with [SEP]"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))
        same(student.encode_batch(tokenizer, batch, 3), reference.encode_batch(tokenizer, batch, 3))

    @weight(2)
    @hint("Fill up to max_length, not to the longest sentence, and mark what was filled with 0 in the mask.")
    @FEW
    @given(batch=sentences((1, 4), (0, 4)), length=st.integers(30, 60))
    def test_padding(self, student, reference, batch, length):
        """Short sentences are filled up to max_length"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))

    @weight(1)
    @hint("Use the tokenizer that the function was given; its vocabulary may be another one.")
    @FEW
    @given(batch=sentences((2, 3), (1, 4)), length=st.integers(12, 20))
    def test_other_tokenizer(self, student, reference, batch, length):
        """Another tokenizer"""
        tokenizer = tiny_tokenizer()
        same(student.encode_batch(tokenizer, batch, length), reference.encode_batch(tokenizer, batch, length))

    @weight(1)
    @hint("A NumPy integer is a number too; and the caller still needs the list as it was.")
    @FEW
    @given(batch=sentences((2, 4)), length=st.integers(4, 12))
    def test_unchanged(self, student, reference, batch, length):
        """The list and the tokenizer are left as they were; any kind of integer for max_length"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_batch(tokenizer, batch, length)
        same(student.encode_batch.unchanged(tokenizer, batch, np.int64(length)), expected)


@st.composite
def pairs(draw: st.DrawFn, first: tuple[int, int], second: tuple[int, int]) -> tuple[str, str]:
    generator = random.Random(draw(SEEDS))
    return text_of(generator, *first), text_of(generator, *second)


@task("encode-pair", points=3)
class TestEncodePair:
    @weight(2)
    @hint(
        "Two strings side by side are a pair to a tokenizer: it puts a [SEP] after each and numbers the segments 0 and 1."
    )
    @FEW
    @given(pair=pairs((1, 6), (1, 6)), length=st.integers(48, 64))
    def test_values(self, student, reference, pair, length):
        """A pair that fits: ids, segments and mask, filled up to max_length"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_pair(tokenizer, *pair, length), reference.encode_pair(tokenizer, *pair, length))
        first, second = pair
        same(
            student.encode_pair(tokenizer, first=first, second=second, max_length=length),
            reference.encode_pair(tokenizer, *pair, length),
        )

    @weight(2)
    @hint("With longest_first both sentences give way when both are long.")
    @FEW
    @given(pair=pairs((12, 20), (12, 20)), length=st.integers(6, 20))
    def test_both_long(self, student, reference, pair, length):
        """Two long sentences share the room"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_pair(tokenizer, *pair, length), reference.encode_pair(tokenizer, *pair, length))
        same(student.encode_pair(tokenizer, *pair, length + 1), reference.encode_pair(tokenizer, *pair, length + 1))

    @weight(2)
    @hint("With longest_first it is the longer one that is cut, whichever that is.")
    @FEW
    @given(long=texts(15, 25), short=texts(1, 2), length=st.integers(24, 30))
    def test_uneven(self, student, reference, long, short, length):
        """Only the longer sentence is cut, be it the first or the second"""
        tokenizer = course_tokenizer(MODEL)
        same(student.encode_pair(tokenizer, long, short, length), reference.encode_pair(tokenizer, long, short, length))
        same(student.encode_pair(tokenizer, short, long, length), reference.encode_pair(tokenizer, short, long, length))

    @weight(1)
    @hint("Three special tokens and one other: that is what a length of 4 has room for.")
    @FEW
    @given(pair=pairs((2, 9), (2, 9)))
    def test_shortest(self, student, reference, pair):
        """Room for one token, or two"""
        tokenizer = course_tokenizer(MODEL)
        for length in (4, 5):
            same(student.encode_pair(tokenizer, *pair, length), reference.encode_pair(tokenizer, *pair, length))

    @weight(1)
    @hint("Use the tokenizer that the function was given; its vocabulary may be another one.")
    @FEW
    @given(pair=pairs((1, 4), (1, 4)), length=st.integers(12, 30))
    def test_other_tokenizer(self, student, reference, pair, length):
        """Another tokenizer"""
        tokenizer = tiny_tokenizer()
        same(student.encode_pair(tokenizer, *pair, length), reference.encode_pair(tokenizer, *pair, length))

    @weight(1)
    @hint(
        "Padding side, lengths and vocabulary of a tokenizer belong to everybody who uses it: say what you want in the call."
    )
    @FEW
    @given(pair=pairs((1, 6), (1, 6)), length=st.integers(8, 30))
    def test_unchanged(self, student, reference, pair, length):
        """The tokenizer is left as it was; any kind of integer for max_length"""
        tokenizer = course_tokenizer(MODEL)
        expected = reference.encode_pair(tokenizer, *pair, length)
        same(student.encode_pair.unchanged(tokenizer, *pair, np.int64(length)), expected)


@st.composite
def masks(draw: st.DrawFn, low: int = 1, high: int = 12) -> list[list[int]]:
    """Rows of equal length: some filled up at the end, some at the beginning, some anyhow, one full and one with nothing real."""
    generator = random.Random(draw(SEEDS))
    length = draw(st.integers(low, high))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        real = generator.randint(0, length)
        row = [1] * real + [0] * (length - real)
        kind = generator.randrange(3)
        if kind == 2:
            generator.shuffle(row)
        rows.append(row[::-1] if kind == 1 else row)
    return rows


@task("real-lengths", points=2)
class TestRealLengths:
    @weight(2)
    @hint("A real token is a 1 in the mask, padding a 0. How many ones has each row?")
    @SOME
    @given(mask=masks())
    def test_values(self, student, reference, mask):
        """How many tokens of each row are real, wherever the padding is"""
        same(student.real_lengths(mask), reference.real_lengths(mask))

    @weight(1)
    @hint("A row may hold no padding at all, or nothing else.")
    @SOME
    @given(length=st.integers(1, 9))
    def test_extremes(self, student, length):
        """A full row, and a row of nothing but padding"""
        same(student.real_lengths([[1] * length, [0] * length]), [length, 0])
        same(student.real_lengths([[0] * length]), [0])

    @weight(1)
    @hint("The answer is a list with one whole number for each row, one row or many.")
    @FEW
    @given(batch=sentences((1, 9)), length=st.integers(300, 400))
    def test_encoded(self, student, reference, batch, length):
        """The mask of encoded sentences"""
        mask = reference.encode_batch(course_tokenizer(MODEL), [*batch, " ".join(batch * 90)], length)["attention_mask"]
        same(student.real_lengths(mask), reference.real_lengths(mask))

    @weight(1)
    @hint("1, True and a NumPy 1 are all the same integer: compare or add, do not look at the type.")
    @FEW
    @given(mask=masks(2, 9))
    def test_integers(self, student, reference, mask):
        """Rows of booleans and of NumPy integers"""
        expected = reference.real_lengths(mask)
        for kind in (bool, np.int64):
            same(student.real_lengths([[kind(value) for value in row] for row in mask]), expected)

    @weight(1)
    @hint("Removing or sorting entries of a row changes the mask that the caller still uses.")
    @FEW
    @given(mask=masks(2, 9))
    def test_unchanged(self, student, reference, mask):
        """The mask is left as it was"""
        same(student.real_lengths.unchanged(mask), reference.real_lengths(mask))
