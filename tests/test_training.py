"""The course's own models and data: that the scripts which made them run, and that what is committed does what it says."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from autograder import environment, models
from autograder.models import made

environment.prepare()

from training import digits, reviews, sentiment  # noqa: E402  (they import torch)
from training.reviews import Review  # noqa: E402

SENTIMENT, DIGITS = "hf-inside/reviews-sentiment", "hf-inside/digits-ddim"


def table(path: Path) -> list[Review]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Review(row["text"], int(row["label"])) for row in csv.DictReader(file)]


def committed(weights: str) -> dict[str, Any]:
    """The figures that lie beside committed weights."""
    figures: dict[str, Any] = json.loads((made.WEIGHTS / weights).with_suffix(".json").read_text(encoding="utf-8"))
    return figures


@pytest.fixture(scope="module")
def package() -> str:
    """The text that all reviews come from."""
    return reviews.fetch()


# ── reviews ───────────────────────────────────────────────────────────────────────────────────────


def test_clear_ratings_become_labels_and_each_text_comes_once() -> None:
    lines = (
        "1\t2.5\tA  joy. ",
        "2\t-0.5\tDull.",
        "3\t0.49\tFine.",
        "4\t-0.49\tSo so.",
        "5\t0.5\tNot bad.",
        "6\t3\tA joy.",
    )

    found = reviews.read("".join(f"{line}\r\n" for line in lines))

    assert {(review.text, review.label) for review in found} == {("A joy.", 1), ("Dull.", 0), ("Not bad.", 1)}


def test_capitals_spaces_and_punctuation_do_not_move_a_review_to_another_part() -> None:
    assert Review("It's a JOY!", 1).part == Review("its a joy", 0).part


def test_the_committed_files_are_what_the_script_makes_of_the_package(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "fetch", lambda: package)
    for name in ("STUDENTS", "CHECKS"):
        monkeypatch.setattr(reviews, name, tmp_path / name)
    committed_files = (reviews.SOURCE / "data" / "reviews.csv", reviews.SOURCE / "checks" / "reviews.csv")

    reviews.main()

    assert [(tmp_path / name).read_bytes() for name in ("STUDENTS", "CHECKS")] == [
        path.read_bytes() for path in committed_files
    ]


def test_no_review_is_in_two_parts(package: str) -> None:
    # A part follows from the words, so a review that is in one cannot be in another; this holds the committed files to it.
    own = [row for row in table(reviews.STUDENTS) if row not in {Review(*added) for added in reviews.ADDED.values()}]
    train = {row.text for row in reviews.read(package) if row.part == "train"}

    assert {row.part for row in own} == {"students"}
    assert {row.part for row in table(reviews.CHECKS)} == {"checks"}
    assert len(train) == committed(made.SENTIMENT)["learnt from"]
    assert not train & {row.text for row in (*own, *table(reviews.CHECKS))}


def test_the_students_file_holds_the_rows_that_must_go_where_the_script_put_them() -> None:
    rows = table(reviews.STUDENTS)

    odd = {place: row for place, row in enumerate(rows) if not row.text.strip() or row.label not in {0, 1}}
    assert odd == {place: Review(*row) for place, row in reviews.ADDED.items()}
    assert all("Added by the course" in row.text for row in odd.values() if row.text.strip())


def test_the_licence_lies_beside_the_reviews_and_names_whom_to_cite() -> None:
    text = (reviews.STUDENTS.parent / "LICENCE.md").read_text(encoding="utf-8")

    assert all(
        words in text for words in ("The MIT License", "Hutto and Eric Gilbert (2014)", "Bo Pang and Lillian Lee")
    )
    assert f"{len(table(reviews.STUDENTS)) - len(reviews.ADDED)} of the" in text


# ── the classifier ────────────────────────────────────────────────────────────────────────────────


def test_the_classifiers_training_runs(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from safetensors import safe_open

    monkeypatch.setattr(reviews, "fetch", lambda: package)

    sentiment.main(tmp_path, epochs=1, every=100)

    figures = json.loads((tmp_path / made.SENTIMENT).with_suffix(".json").read_text())
    assert figures.keys() == committed(made.SENTIMENT).keys()
    assert 0 <= figures["accuracy"] <= 1
    with safe_open(tmp_path / made.SENTIMENT, "np") as new, safe_open(made.WEIGHTS / made.SENTIMENT, "np") as old:
        assert set(new.keys()) == set(old.keys())


def test_the_classifiers_accuracy_is_what_its_figures_say() -> None:
    figures = committed(made.SENTIMENT)
    unseen = table(reviews.CHECKS)

    found = sentiment.accuracy(models.ensure([SENTIMENT])[0].path, unseen)

    assert found == pytest.approx(figures["accuracy by part"]["checks"], abs=2.5 / len(unseen))
    assert figures["accuracy"] > figures["accuracy, TF-IDF and logistic regression"]


# ── the digits ────────────────────────────────────────────────────────────────────────────────────


def test_the_digits_training_runs(tmp_path: Path) -> None:
    digits.main(tmp_path, steps=3, each=1)

    figures = json.loads((tmp_path / made.DIGITS).with_suffix(".json").read_text())
    assert figures.keys() == committed(made.DIGITS).keys()
    assert sum(figures["digits drawn when any will do"]) == 10


def test_the_digits_are_read_as_asked_as_often_as_the_figures_say() -> None:
    reader = digits.Reader()
    figures = committed(made.DIGITS)

    share = reader.share_as_asked(models.ensure([DIGITS])[0].path, each=10)

    assert reader.right == pytest.approx(figures["the reader's own accuracy on real digits"], abs=0.01)
    assert share == pytest.approx(figures["share read as asked"], abs=0.05)
