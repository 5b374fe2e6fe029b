"""load_reviews, negatives and worst_mistakes."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import expect, hint, same_table, task, text_file, weight

SEEDS = st.integers(0, 2**31)
with Path(__file__).with_name("reviews.csv").open(newline="", encoding="utf-8") as _file:
    REVIEWS = np.array([row["text"] for row in csv.DictReader(_file)])
AWKWARD = (
    '"Best of the year," they say, and mean it.', "one, two, three commas", "first line\nsecond line",
    "naïve café, 東京 🙂", "  two spaces at each end  ", "1984", "she's 'seen' it; \"twice\"", "a\ttab # and a hash", "?!", "B",
)  # fmt: skip
two = settings(max_examples=2)  # a file or a frame costs more than a number
a_few = settings(max_examples=3)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


def clean_rows(seed: int) -> list[tuple[str, str]]:
    """Texts and labels with nothing to drop, in a random order: awkward ones, real ones, and two that come twice."""
    rng = np.random.default_rng(seed)
    texts = [*AWKWARD, *rng.choice(REVIEWS, 6).tolist()]
    texts = rng.permutation([*texts, texts[2], texts[-1]]).tolist()
    return [(text, str(label)) for text, label in zip(texts, rng.integers(0, 2, len(texts)).tolist(), strict=True)]


def mixed(seed: int, rows: list[tuple[str, str]], bad: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`rows` with `bad` ones in between, one of them at each end."""
    rng = np.random.default_rng(seed)
    for row in bad[2:]:
        rows.insert(int(rng.integers(1, len(rows))), row)
    return [bad[0], *rows, bad[1]]


def reviews_file(rows: list[tuple[str, str]], columns: tuple[str, ...] = ("text", "label")) -> str:
    """The path of a CSV file with `rows`; every other cell of the other columns holds a number, the rest are empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for number, (text, label) in enumerate(rows):
        known = {"text": text, "label": label}
        writer.writerow([known.get(column, 7 * number if number % 2 else "") for column in columns])
    return text_file("reviews.csv", file.getvalue())


@task("load-reviews", points=4)
class TestLoadReviews:
    @weight(2)
    @hint(
        "Nothing is to be dropped from this file: every text and every label arrives as it stands there, in its order."
    )
    @two
    @given(seed=SEEDS)
    def test_values(self, student, reference, seed):
        """Texts and labels as they stand in the file"""
        path = reviews_file(clean_rows(seed))
        same_table(student.load_reviews(path), reference.load_reviews(path))

    @weight(1)
    @hint("A file may hold more columns, in another order; the frame has two, text before label.")
    @two
    @given(seed=SEEDS)
    def test_columns(self, student, reference, seed):
        """Exactly the columns text and label"""
        path = reviews_file(clean_rows(seed)[:5], ("number", "label", "stars", "text", "critic"))
        same_table(student.load_reviews(path), reference.load_reviews(path))

    @weight(2)
    @hint(
        "A text that is missing, and one of nothing but spaces, tabs and line ends, cannot be classified. Number the rest anew."
    )
    @two
    @given(seed=SEEDS)
    def test_blank(self, student, reference, seed):
        """Rows without a text are dropped, and the index restarts"""
        blank = [("", "1"), ("   ", "0"), ("\t", "1"), ("\n", "0"), ("", "0"), (" \n ", "1")]
        path = reviews_file(mixed(seed, clean_rows(seed), blank))
        same_table(student.load_reviews(path), reference.load_reviews(path))

    @weight(2)
    @hint("Only 0 and 1 are labels. A missing one turns the others into floats on the way: they come out as ints.")
    @two
    @given(seed=SEEDS)
    def test_labels(self, student, reference, seed):
        """Rows with another number for a label, or none, are dropped"""
        bad = [(f"a film with the label {label or 'of nobody'}", label) for label in ("2", "", "-1", "10", "3", "")]
        path = reviews_file(mixed(seed, clean_rows(seed), bad))
        same_table(student.load_reviews(path), reference.load_reviews(path))

    @weight(1)
    @hint("One word among the labels turns the whole column into strings.")
    @two
    @given(seed=SEEDS)
    def test_words(self, student, reference, seed):
        """Rows with a word for a label are dropped"""
        bad = [("a film that one liked", "good"), ("a film without a label", ""), ("a film of another kind", "2")]
        path = reviews_file(mixed(seed, clean_rows(seed), bad))
        same_table(student.load_reviews(path), reference.load_reviews(path))


# ── frames ────────────────────────────────────────────────────────────────────────────────────────


def frame(seed: int, size: int, *, scores: int = 0, close: bool = False) -> pd.DataFrame:
    """Eight reviews or more with a prediction each, a column more than the course's, and an index that is out of order.

    Each combination of label and prediction comes twice or more.  `scores` is the number of different scores, 0 for as many as there are
    rows; then `tells` holds.  `close` scores differ in the sixth digit."""
    rng = np.random.default_rng(seed)
    while True:
        both = rng.permutation([0, 1, 2, 3, 0, 1, 2, 3, *rng.integers(0, 4, size - 8)])
        text = rng.integers(0, 5, size)
        numbers = rng.permutation(3 * size)[:size]
        index = np.array([f"r{number}" for number in numbers]) if seed % 2 else numbers
        if scores:
            score = rng.choice(rng.uniform(0.01, 1.0, scores), size)
        else:
            score = 0.9 + 1e-6 * rng.permutation(size) if close else rng.uniform(0.01, 1.0, size)
        if scores or tells(both % 2, both // 2, score, text, index):
            return pd.DataFrame(
                {
                    "text": rng.choice(REVIEWS, 5, replace=False)[text],
                    "label": both % 2,
                    "critic": rng.integers(100, 999, size),
                    "prediction": both // 2,
                    "score": score,
                },
                index=pd.Index(index.tolist()),
            )


def tells(label, said, score, text, index) -> bool:
    """Whether an order or a selection that was mixed up shows: the first and the last row have different labels, the negative ones are not
    in the order of their index and one of their texts comes twice; the surest row is no mistake; the two surest mistakes are of different
    kinds and not in the frame's order; and, unless all scores are high, the least sure mistake is farther from one half than the surest."""
    names, texts = index[label == 0], text[label == 0]
    rows = np.flatnonzero(label != said)
    first, second, *_, last = rows[np.argsort(-score[rows])]
    return bool(
        label[0] != label[-1]
        and (names[1:] < names[:-1]).any()
        and (names[1:] > names[:-1]).any()
        and len(set(texts.tolist())) < len(texts)
        and score.max() > score[first]
        and label[first] != label[second]
        and first > second
        and 3 * len(rows) >= len(label)
        and (score.min() >= 0.5 or score[last] < 1 - score[first])
    )


@task("negatives", points=1)
class TestNegatives:
    @weight(2)
    @hint("A row keeps its columns, its index and its place.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 16))
    def test_values(self, student, reference, seed, size):
        """The rows whose label is 0, with their index and all their columns"""
        for df in (frame(seed, size), frame(seed, size)[::-1]):
            same_table(student.negatives(df), reference.negatives(df))

    @weight(1)
    @hint("There may be none, or nothing but negative reviews.")
    @two
    @given(seed=SEEDS, size=st.integers(8, 12))
    def test_extremes(self, student, seed, size):
        """All rows or none"""
        df = frame(seed, size)
        same_table(student.negatives(df.assign(label=0)), df.assign(label=0))
        nothing(student.negatives(df.assign(label=1)), df)

    @weight(1)
    @hint("Select rows, and leave the frame that you were given alone.")
    @two
    @given(seed=SEEDS, size=st.integers(8, 12))
    def test_unchanged(self, student, reference, seed, size):
        """The frame is left as it was"""
        df = frame(seed, size)
        same_table(student.negatives.unchanged(df), reference.negatives(df))


def nothing(answer, df):
    """`answer` is a frame of no rows with the columns of `df`."""
    same_table(answer, answer if isinstance(answer, pd.DataFrame) else df)
    expect(list(answer.columns) == list(df.columns), f"the columns are {list(answer.columns)}, not {list(df.columns)}")
    expect(answer.empty, f"there are {len(answer)} rows where there should be none")


@task("worst-mistakes", points=3)
class TestWorstMistakes:
    @weight(3)
    @hint("A mistake is a row whose prediction is not its label. Put those with the highest scores first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 30), n=st.integers(1, 4))
    def test_values(self, student, reference, seed, size, n):
        """The wrong predictions with the highest scores, highest first"""
        df, near = frame(seed, size), frame(seed, size, close=True)
        same_table(student.worst_mistakes(df, n), reference.worst_mistakes(df, n))
        same_table(student.worst_mistakes(near, n=n + 1), reference.worst_mistakes(near, n + 1))

    @weight(1)
    @hint("Without n there are five.")
    @two
    @given(seed=SEEDS, size=st.integers(30, 40))
    def test_default(self, student, reference, seed, size):
        """Five by default"""
        df = frame(seed, size)
        same_table(student.worst_mistakes(df), reference.worst_mistakes(df, 5))

    @weight(2)
    @hint("Not every sorting method keeps the order of equal values; the one that does is called stable.")
    @two
    @given(seed=SEEDS, size=st.integers(400, 600), n=st.integers(20, 60))
    def test_ties(self, student, reference, seed, size, n):
        """Equal scores stay in their original order, in a large frame too"""
        df = frame(seed, size, scores=4)
        same_table(student.worst_mistakes(df, n), reference.worst_mistakes(df, n))

    @weight(1)
    @hint("Fewer mistakes than n: give what there is.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 14), extra=st.integers(0, 30))
    def test_all(self, student, reference, seed, size, extra):
        """An n beyond the number of mistakes gives all of them"""
        df = frame(seed, size)
        same_table(student.worst_mistakes(df, size + extra), reference.worst_mistakes(df, size + extra))

    @weight(1)
    @hint("Where everything is right there is nothing to show, but the columns stay.")
    @two
    @given(seed=SEEDS, size=st.integers(8, 14))
    def test_none(self, student, reference, seed, size):
        """No mistakes, no rows"""
        df = frame(seed, size)
        nothing(student.worst_mistakes(df.assign(prediction=df["label"]), 3), df)
        same_table(student.worst_mistakes(df, 3), reference.worst_mistakes(df, 3))

    @weight(1)
    @hint("Sort a selection, not the frame that you were given.")
    @two
    @given(seed=SEEDS, size=st.integers(8, 14))
    def test_unchanged(self, student, reference, seed, size):
        """The frame is left as it was"""
        df = frame(seed, size)
        same_table(student.worst_mistakes.unchanged(df, 3), reference.worst_mistakes(df, 3))
