"""negatives and worst_mistakes."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, heart, hint, plain, same_table, task, weight

SEEDS = st.integers(0, 2**31)
with Path(__file__).with_name("reviews.csv").open(newline="", encoding="utf-8") as _file:
    REVIEWS = np.array(list(dict.fromkeys(row["text"] for row in csv.DictReader(_file))))
two = settings(max_examples=2)  # a frame costs more than a number
a_few = settings(max_examples=3)

# What the shared rules of the notebook say.
ARGUMENTS = "A function leaves its arguments as they were"
ANY_INDEX = "An index may hold any labels (numbers or words), in any order."
ALIKE = "Two rows may be alike; both count, and both stay."


APART = 150
"""So many different scores at most.  Two lie more than 0.001 apart: those that hardly differ have a check of their own."""


def frame(seed: int, size: int, *, scores: int = 0, low: float = 0.5) -> pd.DataFrame:
    """Eight reviews or more with a prediction each, and an index that is out of order.

    Each combination of label and prediction comes twice or more.  `scores` is the number of different scores, 0 for as many as there are
    rows; then `tells` holds."""
    rng = np.random.default_rng(seed)
    while True:
        both = rng.permutation([0, 1, 2, 3, 0, 1, 2, 3, *rng.integers(0, 4, size - 8)])
        text = rng.permutation(len(REVIEWS))[:size] if size <= len(REVIEWS) else rng.integers(0, len(REVIEWS), size)
        numbers = rng.permutation(3 * size)[:size]
        index = np.array([f"r{number}" for number in numbers]) if seed % 2 else numbers
        steps = (rng.permutation(APART) + rng.uniform(0.3, 0.7, APART)) / APART
        different = low + (1 - low) * steps[: scores or size]
        score = rng.choice(different, size) if scores else different
        if scores or tells(both % 2, both // 2, score, index):
            columns = {"text": REVIEWS[text], "label": both % 2, "prediction": both // 2, "score": score}
            return pd.DataFrame(columns, index=pd.Index(index.tolist()))


def tells(label, said, score, index) -> bool:
    """Whether an order or a selection that was mixed up shows: the first and the last row have different labels, the negative ones are not
    in the order of their index; the surest row is no mistake; the two surest mistakes are of different kinds and not in the frame's
    order; and, unless all scores are high, the least sure mistake is farther from one half than the surest."""
    names = index[label == 0]
    rows = np.flatnonzero(label != said)
    first, second, *_, last = rows[np.argsort(-score[rows])]
    return bool(
        label[0] != label[-1]
        and (names[1:] < names[:-1]).any()
        and (names[1:] > names[:-1]).any()
        and score.max() > score[first]
        and label[first] != label[second]
        and first > second
        and 3 * len(rows) >= len(label)
        and (score.min() >= 0.5 or score[last] < 1 - score[first])
    )


def nothing(answer, df):
    """`answer` is a frame of no rows with the columns of `df`, whose dtypes are free."""
    expected = df[:0]
    if isinstance(answer, pd.DataFrame):
        expected = expected.astype({name: answer[name].dtype for name in df.columns if name in answer.columns})
    same_table(answer, expected)


@task("negatives", points=1)
class TestNegatives:
    @plain
    @heart
    @weight(4)
    @asks("The rows of df whose label is 0, with all columns and their index, in their order.", topic="ordinary frames")
    @hint("Compare the column label with 0 and select the rows where that is true.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 16))
    def test_values(self, student, reference, seed, size):
        """The rows whose label is 0"""
        df = frame(seed, size).reset_index(drop=True)[["text", "label"]]
        for one in (df, df[::-1].reset_index(drop=True)):
            same_table(student.negatives(one), reference.negatives(one))

    @weight(2)
    @asks(ANY_INDEX, topic="any index")
    @hint("A row keeps its index and its place among the others, whatever the index looks like.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 16))
    def test_index(self, student, reference, seed, size):
        """The index is kept, and so is the order of the rows"""
        for df in (frame(seed, size), frame(seed + 1, size)[::-1]):
            reviews = df[["text", "label"]]
            same_table(student.negatives(reviews), reference.negatives(reviews))

    @weight(1)
    @asks("with all columns and their index", topic="all columns")
    @hint("A frame may hold other columns than text and label. All of them stay.")
    def test_columns(self, student, reference):
        """All columns are kept"""
        df = frame(7, 12)
        df.insert(1, "critic", range(100, 112))
        same_table(student.negatives(df), reference.negatives(df))

    @weight(1)
    @asks(ALIKE, topic="rows that are alike")
    @hint("Two reviews with the same text are two reviews.")
    def test_alike(self, student, reference):
        """Rows that are alike all stay"""
        df = pd.DataFrame({"text": ["dull", "fine", "dull", "dull", "fine"], "label": [0, 1, 0, 0, 0]})
        same_table(student.negatives(df), reference.negatives(df))

    @weight(0.5)
    @asks("The rows of df whose label is 0, with all columns and their index, in their order.", topic="ordinary frames")
    @hint("A label that is not 1 need not be 0: compare with 0.")
    def test_other_labels(self, student, reference):
        """A label that is neither 0 nor 1"""
        df = frame(10, 9)[["text", "label"]]
        same_table(
            student.negatives(df.assign(label=[2, 1, 0] * 3)), reference.negatives(df.assign(label=[2, 1, 0] * 3))
        )

    @weight(1)
    @asks("Returns a DataFrame, without rows if there are none.", topic="all rows or none")
    @hint("There may be no negative review, or nothing but negative reviews: a frame comes back all the same.")
    def test_extremes(self, student):
        """All rows or none"""
        df = frame(8, 9)[["text", "label"]]
        same_table(student.negatives(df.assign(label=0)), df.assign(label=0))
        nothing(student.negatives(df.assign(label=1)), df)

    @weight(0.5)
    @asks(ARGUMENTS, topic="arguments")
    @hint("Select rows, and leave the frame that you were given alone.")
    def test_unchanged(self, student, reference):
        """The frame is left as it was"""
        df = frame(9, 10)[["text", "label"]]
        same_table(student.negatives.unchanged(df), reference.negatives(df))


def worst(student, reference, df, *n):
    same_table(student.worst_mistakes(df, *n), reference.worst_mistakes(df, *n), ordered=True)


@task("worst-mistakes", points=3)
class TestWorstMistakes:
    @plain
    @heart
    @weight(5)
    @asks("rows whose prediction is not their label, highest score first", topic="ordinary frames")
    @hint("A mistake is a row whose prediction is not its label. Put those with the highest scores first.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 30), n=st.integers(2, 4))
    def test_values(self, student, reference, seed, size, n):
        """The wrong predictions with the highest scores, highest first"""
        for rows in (n, n - 1):
            worst(student, reference, frame(seed, size), rows)

    @weight(1)
    @asks("(a float of any size)", topic="scores of any size")
    @hint("Sort by the score as it is: not by its distance from one half, and not rounded.")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 30))
    def test_scores(self, student, reference, seed, size):
        """Scores below one half, and scores that hardly differ"""
        df = frame(seed, size, low=0.01)
        worst(student, reference, df, 3)
        worst(student, reference, df.assign(score=0.9 + 1e-6 * df["score"].rank()), 3)

    @weight(1)
    @asks("n: an int, 1 or more (5 if it is left out).", topic="n left out")
    @hint("Without n there are five.")
    @two
    @given(seed=SEEDS, size=st.integers(40, 50))
    def test_default(self, student, reference, seed, size):
        """Five by default"""
        worst(student, reference, frame(seed, size))

    @weight(1.5)
    @asks("equal scores in their original order", topic="equal scores")
    @hint("Not every sorting method keeps the order of equal values; the one that does is called stable.")
    @two
    @given(seed=SEEDS, size=st.integers(400, 600), n=st.integers(30, 60))
    def test_ties(self, student, reference, seed, size, n):
        """Equal scores stay in their original order, in a large frame too"""
        worst(student, reference, frame(seed, size, scores=4), n)

    @weight(1)
    @asks("all of them if there are fewer than n.", topic="fewer mistakes than n")
    @hint("Fewer mistakes than n: give those that there are.", when="values raised")
    @a_few
    @given(seed=SEEDS, size=st.integers(8, 14), extra=st.integers(0, 30))
    def test_all(self, student, reference, seed, size, extra):
        """An n beyond the number of mistakes gives all of them"""
        worst(student, reference, frame(seed, size), size + extra)

    @weight(1)
    @asks("There may be fewer than n mistakes, or none.", topic="no mistakes")
    @hint("Where everything is right there is nothing to show, but the columns stay.", when="values raised")
    def test_none(self, student, reference):
        """No mistakes, no rows"""
        df = frame(4, 12)
        nothing(student.worst_mistakes(df.assign(prediction=df["label"]), 3), df)
        worst(student, reference, df, 3)

    @weight(1)
    @asks("with the columns and the index that they had", topic="all columns, rows that are alike")
    @hint("A frame may hold other columns, and two rows with the same text and score are two mistakes.")
    def test_columns(self, student, reference):
        """All columns are kept, and all of two rows that are alike"""
        df = pd.DataFrame(
            {
                "text": ["dull", "fine", "dull", "grand", "dull", "fine"],
                "label": [0, 1, 0, 1, 0, 1],
                "critic": [7, 8, 7, 3, 7, 8],
                "prediction": [1, 0, 1, 1, 1, 0],
                "score": [0.8, 0.9, 0.8, 0.99, 0.8, 0.9],
            },
            index=[3, 4, 0, 9, 8, 1],
        )
        for n in (4, 5):
            worst(student, reference, df, n)

    @weight(0.5)
    @asks(ARGUMENTS, topic="arguments")
    @hint("Sort a selection, not the frame that you were given.")
    def test_unchanged(self, student, reference):
        """The frame is left as it was"""
        df = frame(6, 12)
        same_table(student.worst_mistakes.unchanged(df, 3), reference.worst_mistakes(df, 3), ordered=True)
