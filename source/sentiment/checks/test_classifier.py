"""classify_sentiment and predict."""

import csv
import hashlib
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, built, expect, heart, hint, plain, same, same_table, spy, task, weight

CLASSIFIER = "hf-inside/reviews-sentiment"
POSITIONS = 512
"""Of a BERT; two of them the tokenizer needs for itself."""
TOO_LONG = "The size of tensor a (900) must match the size of tensor b (512) at non-singleton dimension 1"
TOKEN = re.compile(r"\w+|[^\w\s]")
"""Words and signs; a real tokenizer makes no fewer of a text."""
LABELS = ("POSITIVE", "NEUTRAL", "NOT POSITIVE", "POSSIBLY", "POSITIVE", "NEGATIVE")
SEEDS = st.integers(0, 2**31)
with Path(__file__).with_name("reviews.csv").open(newline="", encoding="utf-8") as _file:
    REVIEWS = np.array(list(dict.fromkeys(row["text"] for row in csv.DictReader(_file))))
WORDS = re.findall(r"[a-z]+", " ".join(REVIEWS[:40].tolist()))
some = settings(max_examples=8)
a_few = settings(max_examples=3)  # a frame costs more than a text
two = settings(max_examples=2)

ARGUMENTS = "A function leaves its arguments as they were"


# ── a classifier that costs nothing ───────────────────────────────────────────────────────────────


def opinion(text: str) -> list[dict]:
    """Both labels of a text with their scores, the higher one first.  Every letter of the text matters."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    label, other = ("POSITIVE", "NEGATIVE") if digest[0] % 2 else ("NEGATIVE", "POSITIVE")
    score = 0.5 + int.from_bytes(digest[1:6], "big") / 2**41
    return [{"label": label, "score": score}, {"label": other, "score": 1 - score}]


def uncased(text: str) -> list[dict]:
    """As `opinion`; capitals don't matter, as with the course's own classifier."""
    return opinion(text.lower())


def texts_of(inputs) -> list[str]:
    """The texts among what a pipeline takes: one or many, each a string or a dictionary."""
    many = inputs if isinstance(inputs, list) else [inputs]
    return [item["text"] if isinstance(item, dict) else item for item in many]


def shortened(truncation) -> bool:
    """Whether this value of `truncation` makes a real pipeline cut what is too long."""
    return truncation is True or truncation in {"longest_first", "only_first"}


def what_is_read(text: str, truncation, max_length) -> str:
    """The tokens of a text that a model of 512 positions gets to see, with a blank between them."""
    if not isinstance(text, str):
        raise ValueError("text input must be of type `str`")  # noqa: TRY004 - as the real one does
    tokens = TOKEN.findall(text)
    if shortened(truncation):
        tokens = tokens[: min(max_length or POSITIONS, POSITIONS) - 2]
    if len(tokens) > POSITIONS - 2:
        raise RuntimeError(TOO_LONG)
    return " ".join(tokens)


def called_like_a_pipeline(opinion):
    """A function of texts that gives what a pipeline gives: a list for one text or for many, an error for one that is too long."""

    def classifier(inputs, *, truncation=False, max_length=None, **options):
        many = isinstance(inputs, list)
        answers = [opinion(what_is_read(text, truncation, max_length)) for text in texts_of(inputs)]
        if not answers:
            raise IndexError("list index out of range")  # as the real one does
        if "top_k" in options:
            ranked = [answer[: options["top_k"]] for answer in answers]
            return ranked if many else ranked[0]
        return answers[0][0] if isinstance(inputs, dict) else [answer[0] for answer in answers]

    return classifier


stand_in = called_like_a_pipeline(uncased)
cased = called_like_a_pipeline(opinion)


def long_texts(seed: int) -> list[str]:
    """A text of 700 words; one of 330 words, but of 659 tokens; one of 400 tokens, which is not too long.

    Cut after 126 or 254 tokens, or after 512 letters, each of them gets another label."""
    rng = np.random.default_rng(seed)
    found = []
    for size, joint in ((700, " "), (330, ", "), (400, " ")):
        while True:
            text = joint.join(rng.choice(WORDS, size).tolist())
            tokens = TOKEN.findall(text)[: POSITIONS - 2]
            cuts = " ".join(tokens[:126]), " ".join(tokens[:254]), " ".join(TOKEN.findall(text[:512]))
            if uncased(" ".join(tokens))[0]["label"] not in {uncased(cut)[0]["label"] for cut in cuts}:
                break
        found.append(text)
    return found


def reviews(seed: int, size: int) -> pd.DataFrame:
    """Different reviews under an index that is out of order.  Both labels of `stand_in` occur."""
    rng = np.random.default_rng(seed)
    while True:
        texts = rng.choice(REVIEWS, size, replace=False).tolist()
        if len({stand_in(text)[0]["label"] for text in texts}) == 2:
            break
    index = sorted(f"r{number}" if seed % 2 else number for number in rng.permutation(3 * size)[:size].tolist())
    index = [*index[1::-1], *rng.permutation(index[2:]).tolist()]  # whatever happens, the first two are not in order
    return pd.DataFrame({"text": texts, "label": rng.integers(0, 2, size)}, pd.Index(index))


def asked(classifier) -> list[str]:
    """All texts that a spy was asked about."""
    inputs = [args[0] if args else kwargs.get("inputs") for args, kwargs in classifier.calls]
    return [text for one in inputs for text in texts_of(one)]


@task("classify-sentiment", points=2)
class TestClassifySentiment:
    @plain
    @heart
    @weight(4)
    @asks("1 for the label POSITIVE, 0 for any other.", topic="short texts")
    @hint("The pipeline answers with a list that holds one dictionary; its label says POSITIVE or NEGATIVE.")
    @some
    @given(seed=SEEDS)
    def test_values(self, student, reference, seed):
        """1 for POSITIVE, 0 for NEGATIVE"""
        for text in reviews(seed, 3)["text"]:
            same(student.classify_sentiment(text, spy(stand_in)), reference.classify_sentiment(text, stand_in))

    @plain
    @weight(1.5)
    @asks('classifier: a pipeline("sentiment-analysis")', topic="the course's classifier")
    @hint(
        "Try it on the course's own classifier, with a review that you would call glowing and one that you would not."
    )
    def test_real(self, student, reference):
        """The course's own classifier"""
        classifier = built("course-classifier", name=CLASSIFIER)
        for text in ("A warm, funny and deeply moving film.", "A dull, lifeless mess from start to finish."):
            same(student.classify_sentiment(text, classifier), reference.classify_sentiment(text, classifier))

    @weight(1.5)
    @asks("only POSITIVE itself counts as 1", topic="further labels")
    @hint("Some classifiers know a third label. Compare the whole label with POSITIVE.", when="values raised")
    def test_other_labels(self, student):
        """Any other label counts as 0, whatever its score"""
        for label, score in zip(LABELS, (0.4, 0.9, 0.99, 0.5, 0.9, 0.3), strict=True):
            answer = [{"label": label, "score": score}]
            classifier = spy(called_like_a_pipeline(lambda _, answer=answer: answer))
            same(student.classify_sentiment("a film", classifier), int(label == "POSITIVE"))

    @weight(0.5)
    @asks("Hands the whole text to the classifier, as it is", topic="capitals")
    @hint("Some classifiers tell capitals from small letters: hand the text over as it is.")
    def test_as_it_is(self, student, reference):
        """Capitals stay capitals"""
        for text in (
            "A FILM",
            "A Film of 1984 by Ang Lee",
            "what A film",
            "OH NO",
            "a film",
            "Ang Lee",
            "NOT ME",
            "It IS",
        ):
            same(student.classify_sentiment(text, spy(cased)), reference.classify_sentiment(text, cased))

    @weight(2.5)
    @asks("so that a text longer than the model's limit works.", topic="long texts")
    @hint(
        "Pass truncation=True on; and hand over the whole text, since only the tokenizer knows where it has to be cut.",
        when="values raised",
    )
    @a_few
    @given(seed=SEEDS)
    def test_long(self, student, reference, seed):
        """A text longer than the model's limit works"""
        for text in long_texts(seed):
            classifier = spy(stand_in)
            same(student.classify_sentiment(text, classifier), reference.classify_sentiment(text, stand_in))
            whole = all(" ".join(asked_about.split()) == text for asked_about in asked(classifier))
            expect(whole, "the classifier was not asked about the whole text")
            cut = any(shortened(options.get("truncation")) for _, options in classifier.calls)
            expect(cut or len(TOKEN.findall(text)) < POSITIONS - 2, "truncation=True was not passed on")


def same_predictions(answer, expected, *, atol=6e-5):
    """`answer` is `expected`; where in the frame the two new columns stand is free, and four digits of a score are enough."""
    new = ["prediction", "score"]
    if isinstance(answer, pd.DataFrame) and set(new) <= set(answer.columns):
        answer = answer[[*(name for name in answer.columns if name not in new), *new]]
    same_table(answer, expected, rtol=0.0, atol=atol)


@task("predict", points=4)
class TestPredict:
    @plain
    @weight(6.5)
    @asks("and the columns prediction (int: 1 for POSITIVE, else 0) and score", topic="ordinary frames")
    @hint(
        "prediction is 1 for POSITIVE and 0 for NEGATIVE, score is what the classifier says of its own label, unrounded."
    )
    @a_few
    @given(seed=SEEDS, size=st.integers(6, 24).filter(lambda size: size != 16), batch_size=st.integers(4, 9))
    def test_values(self, student, reference, seed, size, batch_size):
        """Predictions and scores, row by row"""
        df = reviews(seed, size).reset_index(drop=True)
        expected = reference.predict(df, stand_in)
        same_predictions(student.predict(df, spy(stand_in)), expected)
        if size % batch_size:
            same_predictions(student.predict(df, spy(stand_in), batch_size=batch_size), expected)

    @plain
    @heart
    @weight(1.5)
    @asks("A pipeline takes a list of strings, not a Series.", topic="the course's classifier")
    @hint(
        "A pipeline takes a list of strings, not a Series. Try it on the course's own classifier.", when="values raised"
    )
    def test_real(self, student, reference):
        """The course's own classifier"""
        classifier = built("course-classifier", name=CLASSIFIER)
        texts = [
            "A warm, funny and deeply moving film.",
            "A dull, lifeless mess from start to finish.",
            "It is a film.",
        ]
        df = pd.DataFrame({"text": texts, "label": [1, 0, 1]})
        same_predictions(student.predict(df, classifier, 2), reference.predict(df, classifier), atol=1e-3)

    @heart
    @weight(2.5)
    @asks("Calls the classifier at most ceil(len(df) / batch_size) times, or once with batch_size.", topic="batches")
    @hint("Hand over a list of batch_size texts at a time, or all of them in one call with the option batch_size.")
    @a_few
    @given(seed=SEEDS, batches=st.integers(1, 3), batch_size=st.integers(6, 9), rest=st.integers(1, 3))
    def test_calls(self, student, reference, seed, batches, batch_size, rest):
        """No more calls than there are batches"""
        few_calls(student, reference, reviews(seed, batches * batch_size + rest), batch_size)

    @weight(0.75)
    @asks("Hand the texts over in lists of `batch_size`", topic="full batches")
    @hint(
        "When the last batch is full there is nothing left to ask: a pipeline has no answer to an empty list.",
        when="values raised",
    )
    def test_full(self, student, reference):
        """No call with nothing when the last batch is full"""
        few_calls(student, reference, reviews(2, 12), 4)
        few_calls(student, reference, reviews(3, 5), 5)

    @weight(0.75)
    @asks("batch_size: an int, 1 or more (16 if it is left out).", topic="batch_size left out")
    @hint("Without batch_size, batches hold 16 texts.")
    def test_default(self, student, reference):
        """Sixteen at a time by default"""
        few_calls(student, reference, reviews(4, 31))

    @weight(2.5)
    @asks("Texts longer than the model's limit work.", topic="long texts")
    @hint(
        "Pass truncation=True on; and hand over whole texts, since only the tokenizer knows where they have to be cut.",
        when="values raised",
    )
    @two
    @given(seed=SEEDS)
    def test_long(self, student, reference, seed):
        """Texts longer than the model's limit work"""
        texts = ["A film.", *long_texts(seed), "Another film."]
        for order in (texts, texts[::-1]):
            df = pd.DataFrame({"text": order, "label": 1})
            same_predictions(student.predict(df, spy(stand_in), 2), reference.predict(df, stand_in))

    @weight(0.75)
    @asks("Results are not rounded.", topic="scores to the last digit")
    @hint("Put the classifier's score into the column as it is.")
    def test_unrounded(self, student, reference):
        """Scores are not rounded"""
        df = reviews(14, 9).reset_index(drop=True)
        same_predictions(student.predict(df, spy(stand_in)), reference.predict(df, stand_in), atol=1e-7)

    @weight(1.5)
    @asks("any index, whose labels may come twice", topic="any index")
    @hint("A list has no index, a Series has: give new columns the frame's own, or values without one.")
    @two
    @given(seed=SEEDS, size=st.integers(5, 12))
    def test_index(self, student, reference, seed, size):
        """Any index is kept, and so is the order of the rows"""
        df = reviews(seed, size)
        same_predictions(student.predict(df, spy(stand_in)), reference.predict(df, stand_in))

    @weight(1)
    @asks("any index, whose labels may come twice", topic="labels of the index that repeat")
    @hint(
        "Put the new columns beside the rows by position: a join multiplies rows whose label comes twice.",
        when="values raised",
    )
    def test_repeated_labels(self, student, reference):
        """Labels of the index that come twice"""
        df = pd.concat([reviews(6, 5), reviews(8, 4)]).set_axis([0, 1, 2, 3, 4, 0, 1, 2, 3])
        same_predictions(student.predict(df, spy(stand_in)), reference.predict(df, stand_in))

    @weight(1)
    @asks("Returns a DataFrame with df's rows, columns and index", topic="other columns, rows that are alike")
    @hint("It is a copy of the frame, whatever columns that has, with all its rows, and two columns more.")
    def test_columns(self, student, reference):
        """All columns are kept, and all of two rows that are alike"""
        df = reviews(10, 6).reset_index(drop=True)
        df = pd.concat([df, df[2:4]], ignore_index=True)
        df["text"] = ("  " + df["text"] + " ").where(df.index < 2, df["text"])  # two with spaces at their ends
        df.insert(0, "critic", [4, 1, 7, 7, 3, 2, 7, 7])
        same_predictions(student.predict(df, spy(stand_in), 3), reference.predict(df, stand_in))

    @weight(1)
    @asks("(1 for POSITIVE, 0 for any other label)", topic="further labels")
    @hint("Some classifiers know a third label. Compare the whole label with POSITIVE.", when="values raised")
    def test_other_labels(self, student, reference):
        """Any other label counts as 0, and its score stays"""
        df = pd.DataFrame({"text": REVIEWS[:12].tolist(), "label": 0})
        label = dict(zip(df["text"].map(lambda text: what_is_read(text, True, None)), itertools.cycle(LABELS)))

        def many_labels(text):
            best = 0.3 + len(text) % 50 / 100
            return [{"label": label[text], "score": best}, {"label": "OTHER", "score": 0.01}]

        classifier = called_like_a_pipeline(many_labels)
        same_predictions(student.predict(df, spy(classifier)), reference.predict(df, classifier))

    @weight(2)
    @asks("they are int and float in a frame without rows too.", topic="no rows")
    @hint(
        "A pipeline has no answer to an empty list: do not ask it. The two columns are there all the same.",
        when="values raised",
    )
    def test_empty(self, student, reference):
        """A frame without rows works"""
        classifier = built("course-classifier", name=CLASSIFIER)
        df = pd.DataFrame({"text": ["A film."], "label": [1]})
        same_predictions(student.predict(df, spy(stand_in)), reference.predict(df, stand_in))
        same_predictions(student.predict(df[:0], classifier), reference.predict(df[:0], classifier))

    @weight(0.5)
    @asks(ARGUMENTS, topic="arguments")
    @hint("Work on a copy of the frame.")
    def test_unchanged(self, student, reference):
        """The frame is left as it was"""
        df = reviews(12, 7)
        same_predictions(student.predict.unchanged(df, spy(stand_in), 3), reference.predict(df, stand_in))


def few_calls(student, reference, df, batch_size=0):
    """The answers are right, and the classifier is called no more often than there are batches (of 16 by default)."""
    df = df.reset_index(drop=True)
    classifier, options = spy(stand_in), {"batch_size": batch_size} if batch_size else {}
    same_predictions(student.predict(df, classifier, **options), reference.predict(df, stand_in))
    size, calls = batch_size or 16, len(classifier.calls)
    expect(
        calls <= math.ceil(len(df) / size), f"called the classifier {calls} times for {len(df)} texts, {size} at a time"
    )
