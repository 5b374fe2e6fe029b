"""The functions of the assignment: the CSV by the standard library, the metrics by scikit-learn."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn import metrics


def load_reviews(path: str) -> pd.DataFrame:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    kept = [(text, int(label)) for text, label in rows if text.strip() and label in {"0", "1"}]
    return pd.DataFrame(kept, columns=["text", "label"])


def negatives(df: pd.DataFrame) -> pd.DataFrame:
    return df.loc[df["label"] == 0]


def classify_sentiment(text: str, classifier: Any) -> int:
    return int(classifier(text, truncation=True)[0]["label"] == "POSITIVE")


def predict(df: pd.DataFrame, classifier: Any, batch_size: int = 16) -> pd.DataFrame:
    texts = df["text"].tolist()
    answers = classifier(texts, truncation=True, batch_size=batch_size) if texts else []
    return df.assign(
        prediction=pd.Series([int(answer["label"] == "POSITIVE") for answer in answers], df.index, dtype="int64"),
        score=pd.Series([answer["score"] for answer in answers], df.index, dtype="float64"),
    )


def accuracy(labels: Any, predictions: Any) -> float:
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError(f"{len(labels)} labels and {len(predictions)} predictions")
    return float(metrics.accuracy_score(_ints(labels), _ints(predictions)))


def confusion(labels: Any, predictions: Any) -> dict[str, int]:
    table = metrics.confusion_matrix(_ints(labels), _ints(predictions), labels=[0, 1])
    return dict(zip(("tn", "fp", "fn", "tp"), table.ravel().tolist(), strict=True))


def f1(labels: Any, predictions: Any) -> float:
    return float(metrics.f1_score(_ints(labels), _ints(predictions), zero_division=0.0))


def worst_mistakes(df: pd.DataFrame, n: int = 5) -> pd.DataFrame:
    wrong = [row for row, (label, said) in enumerate(zip(df["label"], df["prediction"], strict=True)) if label != said]
    scores = df["score"].tolist()
    return df.iloc[sorted(wrong, key=lambda row: -scores[row])[:n]]


def _ints(values: Any) -> list[int]:
    return [int(value) for value in values]
