"""classify_sentiment and predict."""

import csv
import hashlib
import math
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import built, expect, hint, same, same_table, spy, task, weight

CLASSIFIER = "hf-inside/reviews-sentiment"
LIMIT = 510
TOO_LONG = "The size of tensor a (900) must match the size of tensor b (512) at non-singleton dimension 1"
SEEDS = st.integers(0, 2**31)
with Path(__file__).with_name("reviews.csv").open(newline="", encoding="utf-8") as _file:
    REVIEWS = np.array([row["text"] for row in csv.DictReader(_file)])
some = settings(max_examples=8)
a_few = settings(max_examples=3)  # a frame costs more than a text
two = settings(max_examples=2)


# ── a classifier that costs nothing ───────────────────────────────────────────────────────────────


def opinion(text: str) -> list[dict]:
    """Both labels of a text with their scores, the higher one first.  Every letter of the text matters, its spaces do not."""
    if not isinstance(text, str):
        raise ValueError("text input must be of type `str`")  # noqa: TRY004 - as the real one does
    digest = hashlib.blake2b(" ".join(text.split()).encode(), digest_size=8).digest()
    label, other = ("POSITIVE", "NEGATIVE") if digest[0] % 2 else ("NEGATIVE", "POSITIVE")
    score = 0.5 + int.from_bytes(digest[1:6], "big") / 2**41
    return [{"label": label, "score": score}, {"label": other, "score": 1 - score}]


def texts_of(inputs) -> list[str]:
    """The texts among what a pipeline takes: one or many, each a string or a dictionary."""
    many = inputs if isinstance(inputs, list) else [inputs]
    return [item["text"] if isinstance(item, dict) else item for item in many]


def shortened(truncation) -> bool:
    """Whether this value of `truncation` makes a real pipeline cut what is too long."""
    return truncation is True or truncation in {"longest_first", "only_first"}


def called_like_a_pipeline(opinion):
    """A function of texts that gives what a pipeline gives: a list for one text or for many, an error for one that is too long."""

    def classifier(inputs, *, truncation=False, **options):
        many, texts = isinstance(inputs, list), texts_of(inputs)
        answers = [opinion(text) for text in texts]
        if not shortened(truncation) and any(len(text.split()) > LIMIT for text in texts):
            raise RuntimeError(TOO_LONG)
        if "top_k" in options:
            ranked = [answer[: options["top_k"]] for answer in answers]
            return ranked if many else ranked[0]
        return answers[0][0] if isinstance(inputs, dict) else [answer[0] for answer in answers]

    return classifier


stand_in = called_like_a_pipeline(opinion)


def long_text(seed: int) -> str:
    """Words that no model of 512 positions reads to the end."""
    return " ".join(np.random.default_rng(seed).choice(" ".join(REVIEWS[:40].tolist()).split(), 700).tolist())


def reviews(seed: int, size: int) -> pd.DataFrame:
    """Reviews, one of them twice, with a column more than the course's and an index that is out of order."""
    rng = np.random.default_rng(seed)
    texts = [*(f" {text} " for text in rng.choice(REVIEWS, 1)), *rng.choice(REVIEWS, size - 1).tolist()]
    texts[-1] = texts[0]
    index = sorted(f"r{number}" if seed % 2 else number for number in rng.permutation(3 * size)[:size].tolist())
    index = [*index[1::-1], *rng.permutation(index[2:]).tolist()]  # whatever happens, the first two are not in order
    return pd.DataFrame(
        {"text": texts, "label": rng.integers(0, 2, size), "critic": rng.integers(100, 999, size)}, pd.Index(index)
    )


def asked(classifier) -> list[str]:
    """All texts that a spy was asked about."""
    inputs = [args[0] if args else kwargs.get("inputs") for args, kwargs in classifier.calls]
    return [text for one in inputs for text in texts_of(one)]


@task("classify-sentiment", points=2)
class TestClassifySentiment:
    @weight(3)
    @hint("The pipeline answers with a list that holds one dictionary; its label says POSITIVE or NEGATIVE.")
    @some
    @given(text=st.sampled_from(REVIEWS.tolist()))
    def test_values(self, student, reference, text):
        """1 for POSITIVE, 0 for NEGATIVE"""
        for words in (text, text.upper(), f"{text} And more."):
            same(student.classify_sentiment(words, spy(stand_in)), reference.classify_sentiment(words, stand_in))

    @weight(1)
    @hint("Some classifiers know a third label. Only one of them counts as 1.")
    @a_few
    @given(label=st.sampled_from(("NEUTRAL", "MIXED")), score=st.sampled_from((0.4, 0.9, 0.99)))
    def test_other_labels(self, student, label, score):
        """Any other label counts as 0"""
        for word, number in ((label, 0), ("NOT POSITIVE", 0), ("POSITIVE", 1)):
            answer = [{"label": word, "score": score}]
            classifier = spy(called_like_a_pipeline(lambda _, answer=answer: answer))
            same(student.classify_sentiment("a film", classifier), number)

    @weight(2)
    @hint(
        "Pass truncation=True on; and hand over the whole text, since only the tokenizer knows where it has to be cut."
    )
    @some
    @given(seed=SEEDS)
    def test_long(self, student, reference, seed):
        """A text longer than the model's limit works"""
        text = long_text(seed)
        classifier = spy(stand_in)
        same(student.classify_sentiment(text, classifier), reference.classify_sentiment(text, stand_in))
        whole = all(" ".join(asked_about.split()) == text for asked_about in asked(classifier))
        expect(whole, "the classifier was not asked about the whole text")
        cut = any(shortened(options.get("truncation")) for _, options in classifier.calls)
        expect(cut, "truncation=True was not passed on")

    @weight(2)
    @hint(
        "Try it on the course's own classifier, with a review that you would call glowing and one that you would not."
    )
    def test_real(self, student, reference):
        """The course's own classifier"""
        classifier = built("course-classifier", name=CLASSIFIER)
        for text in ("A warm, funny and deeply moving film.", "A dull, lifeless mess from start to finish."):
            same(student.classify_sentiment(text, classifier), reference.classify_sentiment(text, classifier))


def same_predictions(answer, expected, **tolerance):
    """`answer` is `expected`; where in the frame the two new columns stand is free."""
    if isinstance(answer, pd.DataFrame) and sorted(map(str, answer.columns)) == sorted(expected.columns):
        kept = [name for name in answer.columns if name not in {"prediction", "score"}]
        if kept == [name for name in expected.columns if name in kept]:
            answer = answer[list(expected.columns)]
    same_table(answer, expected, **tolerance)


@task("predict", points=4)
class TestPredict:
    @weight(3)
    @hint(
        "prediction is 1 for POSITIVE and 0 for NEGATIVE, score is what the classifier says of its own label, unrounded."
    )
    @a_few
    @given(seed=SEEDS, size=st.integers(6, 24), batch_size=st.integers(1, 9))
    def test_values(self, student, reference, seed, size, batch_size):
        """Predictions and scores, row by row"""
        df = reviews(seed, size).reset_index(drop=True)[["text", "label"]]
        expected = reference.predict(df, stand_in)
        same_predictions(student.predict(df, spy(stand_in)), expected)
        same_predictions(student.predict(df, spy(stand_in), batch_size=batch_size), expected)

    @weight(1)
    @hint("A list has no index, a Series has: give new columns the frame's own, or values without one.")
    @two
    @given(seed=SEEDS, size=st.integers(4, 12))
    def test_index(self, student, reference, seed, size):
        """Any index is kept"""
        df = reviews(seed, size)[["text", "label"]]
        same_predictions(student.predict(df, spy(stand_in), 4), reference.predict(df, stand_in))

    @weight(1)
    @hint("It is a copy of the frame, whatever columns that has, and two more.")
    @two
    @given(seed=SEEDS, size=st.integers(4, 12))
    def test_columns(self, student, reference, seed, size):
        """All columns are kept"""
        df = reviews(seed, size).reset_index(drop=True)[["critic", "label", "text"]]
        same_predictions(student.predict(df, spy(stand_in), 4), reference.predict(df, stand_in))

    @weight(2)
    @hint(
        "Hand over a list of batch_size texts at a time, or all of them with batch_size, and none when none are left."
    )
    @a_few
    @given(seed=SEEDS, batches=st.integers(1, 4), batch_size=st.integers(5, 9), rest=st.integers(0, 1))
    def test_calls(self, student, reference, seed, batches, batch_size, rest):
        """No more calls than there are batches"""
        df, longer = reviews(seed, batches * batch_size + rest), reviews(seed, 32)
        for frame, options in ((df, {"batch_size": batch_size}), (df, {"batch_size": len(df)}), (longer, {})):
            classifier = spy(stand_in)
            same_predictions(student.predict(frame, classifier, **options), reference.predict(frame, stand_in))
            size, calls = options.get("batch_size", 16), len(classifier.calls)
            sentence = f"called the classifier {calls} times for {len(frame)} texts, {size} at a time"
            expect(calls <= math.ceil(len(frame) / size), sentence)

    @weight(1)
    @hint(
        "Pass truncation=True on; and hand over whole texts, since only the tokenizer knows where they have to be cut."
    )
    @two
    @given(seed=SEEDS, size=st.integers(3, 6))
    def test_long(self, student, reference, seed, size):
        """Texts longer than the model's limit work"""
        df = reviews(seed, size)
        df.iloc[0, 0], df.iloc[-1, 0] = long_text(seed), long_text(seed + 1)
        classifier = spy(stand_in)
        same_predictions(student.predict(df, classifier, 2), reference.predict(df, stand_in))

    @weight(2)
    @hint("A pipeline takes a list of strings, not a Series. Try it on the course's own classifier.")
    def test_real(self, student, reference):
        """The course's own classifier"""
        classifier = built("course-classifier", name=CLASSIFIER)
        texts = [
            "A warm, funny and deeply moving film.",
            "A dull, lifeless mess from start to finish.",
            "It is a film.",
        ]
        df = pd.DataFrame({"text": texts, "label": [1, 0, 1]}, index=[5, 3, 9])
        same_predictions(student.predict(df, classifier, 2), reference.predict(df, classifier), atol=1e-3)

    @weight(1)
    @hint("A pipeline has no answer to an empty list: do not ask it. The two columns are there all the same.")
    def test_empty(self, student, reference):
        """A frame without rows works"""
        classifier = built("course-classifier", name=CLASSIFIER)
        df = pd.DataFrame({"text": ["A film."], "label": [1]})
        same_predictions(student.predict(df, spy(stand_in)), reference.predict(df, stand_in))
        answer = student.predict(df[:0], classifier)
        same_table(answer, answer if isinstance(answer, pd.DataFrame) else df)
        names = sorted(map(str, answer.columns))
        expect(names == ["label", "prediction", "score", "text"], f"the columns are {names}")
        expect(answer.empty, f"there are {len(answer)} rows where there should be none")

    @weight(1)
    @hint("Work on a copy of the frame.")
    @two
    @given(seed=SEEDS, size=st.integers(2, 8))
    def test_unchanged(self, student, reference, seed, size):
        """The frame is left as it was"""
        df = reviews(seed, size)
        same_predictions(student.predict.unchanged(df, spy(stand_in), 3), reference.predict(df, stand_in))
