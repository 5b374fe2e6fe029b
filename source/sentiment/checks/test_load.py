"""load_reviews."""

import csv
import io
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, heart, hint, plain, same_table, task, text_file, weight

SEEDS = st.integers(0, 2**31)
with Path(__file__).with_name("reviews.csv").open(newline="", encoding="utf-8") as _file:
    REVIEWS = np.array(list(dict.fromkeys(row["text"] for row in csv.DictReader(_file) if row["text"].isascii())))
two = settings(max_examples=2)  # a file costs more than a number

DROPPED = (
    "Rows whose text is missing or blank (only spaces, tabs or line ends), or whose label is not 0 or 1, are left out."
)
OTHER_LABELS = "Any other label, be it 2, -1, 0.7 or a word, is a reason to drop the row"
UNCHANGED = (
    "spaces at their ends, line breaks, quotation marks and letters of any alphabet stay as they stand in the file"
)

GOOD = (
    ("A film with everything.", "1"),
    ("Slow, long and loud.", "0"),
    ("It ends well.", "1"),
    ("It ends late.", "0"),
    ("Two hours of rain.", "0"),
    ("Ten minutes of sun.", "1"),
)


def rows_of_reviews(seed: int, size: int) -> list[tuple[str, str]]:
    """Different reviews with labels, both of which occur; two of them have commas and quotation marks."""
    rng = np.random.default_rng(seed)
    texts = [
        'Best of the year," they say, and mean it.',
        'one, two, "three" commas',
        *rng.choice(REVIEWS, size, replace=False),
    ]
    labels = ["0", "1", *rng.integers(0, 2, size).astype(str)]
    return [(str(text), str(label)) for text, label in zip(rng.permutation(texts), labels, strict=True)]


def between(bad: list[tuple[str, str]], rows=GOOD) -> list[tuple[str, str]]:
    """`rows` with `bad` ones in between, one of them at each end."""
    mixed = list(rows)
    for place, row in enumerate(bad[2:]):
        mixed.insert(1 + 2 * place % len(rows), row)
    return [bad[0], *mixed, bad[1]]


def reviews_file(rows, columns: tuple[str, ...] = ("text", "label")) -> str:
    """The path of a CSV file with `rows`.  Other columns hold numbers; but for the one called critic, every other cell is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for number, (text, label) in enumerate(rows):
        known = {"text": text, "label": label}
        writer.writerow(
            [known.get(column, 7 * number if number % 2 or column == "critic" else "") for column in columns]
        )
    return text_file("reviews.csv", file.getvalue())


def loaded(student, reference, path):
    same_table(student.load_reviews(path), reference.load_reviews(path), ordered=True)


@task("load-reviews", points=4)
class TestLoadReviews:
    @plain
    @weight(4.5)
    @asks("rows in the order of the file and numbered from 0.", topic="a tidy file")
    @hint("Nothing is to be dropped from this file: every text and every label is kept, in the file's order.")
    @two
    @given(seed=SEEDS, size=st.integers(5, 12))
    def test_values(self, student, reference, seed, size):
        """A tidy file is read as it is"""
        loaded(student, reference, reviews_file(rows_of_reviews(seed, size)))

    @plain
    @heart
    @weight(2.5)
    @asks(DROPPED, topic="rows that cannot be used")
    @hint(
        "Keep a row if it has a text and its label is 0 or 1. A missing label turns the others into floats on the way."
    )
    @two
    @given(seed=SEEDS)
    def test_dropped(self, student, reference, seed):
        """Rows without a text, without a label or with the label 2 are left out"""
        bad = [("", "1"), ("A label of two.", "2"), ("No label.", ""), ("", "0"), ("Two again.", "2")]
        rows = [*GOOD, *rows_of_reviews(seed, 3)]
        loaded(student, reference, reviews_file(between(bad, rows), ("text", "label", "critic")))

    @weight(1.5)
    @asks(DROPPED, topic="blank texts")
    @hint("A text of nothing but spaces, tabs and line ends cannot be classified. Strip a copy of it to find out.")
    def test_blank(self, student, reference):
        """Texts of nothing but white space are left out"""
        blank = [("   ", "0"), (" ", "1"), ("\t", "1"), ("\n", "0"), (" \n\t ", "1")]
        loaded(student, reference, reviews_file(between(blank)))

    @weight(1.5)
    @asks(OTHER_LABELS, topic="other labels")
    @hint("Ask whether the label is 0 or 1 before you make an int of it: int(0.7) is 0.")
    def test_labels(self, student, reference):
        """Rows with another number for a label are left out"""
        for labels in (("-1", "10", "3", "-1"), ("0.7", "1.4", "0.2", "-0.3")):
            bad = [(f"A film with the label {label}.", label) for label in labels]
            loaded(student, reference, reviews_file(between(bad)))

    @weight(1)
    @asks("if one is a word, as strings", topic="words as labels")
    @hint("One word among the labels turns the whole column into strings.", when="values raised")
    def test_words(self, student, reference):
        """Rows with a word for a label are left out"""
        bad = [("A film that one liked.", "good"), ("No label.", ""), ("Another kind of label.", "2")]
        loaded(student, reference, reviews_file(between(bad)))

    @weight(2)
    @asks("its columns text and label may stand anywhere, and there may be others.", topic="other columns")
    @hint("A file may hold more columns, in another order, with empty cells of their own: look at text and label only.")
    def test_columns(self, student, reference):
        """Exactly the columns text and label, wherever they stand"""
        loaded(student, reference, reviews_file(GOOD, ("number", "label", "stars", "text", "critic")))

    @weight(1.5)
    @asks(UNCHANGED, topic="texts as they stand")
    @hint("Look at a stripped copy to find blank texts, but keep the text itself, and read the file as UTF-8.")
    def test_texts(self, student, reference):
        """Texts are kept letter by letter"""
        texts = (
            "  two spaces at each end  ",
            "first line\nsecond line",
            "naïve café, 東京 🙂",
            "a\ttab,  two  spaces",
            " ?!",
        )
        rows = [*GOOD, *((text, str(place % 2)) for place, text in enumerate(texts))]
        loaded(student, reference, reviews_file(rows))

    @weight(1)
    @asks("A row that comes twice stays twice.", topic="short and repeated texts")
    @hint("A text of one letter, one of punctuation alone and one that comes twice are texts.")
    def test_odd(self, student, reference):
        """Short texts and rows that come twice stay"""
        loaded(
            student,
            reference,
            reviews_file([*GOOD, ("B", "0"), ("?!", "1"), ("1984", "0"), GOOD[0], GOOD[3], ("...", "1")]),
        )
