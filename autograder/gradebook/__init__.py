"""nbgrader stays the course's book: its configuration, its release step, its rows and notebooks.  Nothing else imports nbgrader.

Importing this package costs nothing; calling it imports nbgrader, which takes seconds, except for `exists` and `unbooked`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder import course as courses
from autograder.gradebook.config import configure
from autograder.model import Assignment, Course, Judgement, NotGradable, Report, Submission

__all__ = ["configure", "exists", "generate", "record", "register", "scores", "unbooked"]


def generate(course: Course, assignment: Assignment, folder: Path) -> Path:
    """Runs nbgrader's GenerateAssignment into `folder` and returns the release in it.  Touches no gradebook.

    Raises AuthoringError with nbgrader's own words where it refuses the source."""
    from autograder.gradebook import converting

    return converting.generate(course, assignment, folder)


def register(course: Course, assignment: Assignment) -> None:
    """Enters a released assignment, its due date and its cells into the gradebook, as `nbgrader generate_assignment` does.

    Raises AuthoringError where booked submissions forbid the change, InfrastructureError where the database can't be used."""
    from autograder.gradebook import rows

    rows.register(course, assignment)


def record(course: Course, entries: Iterable[tuple[Submission | NotGradable, Judgement]]) -> None:
    """Books judgements in one transaction and writes the autograded notebooks that formgrader and feedback show.

    - What a person entered stays: manual scores, extra credit, comments.  Where the automatic score under a manual one
      changes, the task is marked as needing a look.
    - What is not gradable is booked with 0 points and the reason as a comment, and asks for no manual grade.
    - A grade that is withheld (`grader_error`) is not booked: earlier scores stay and are marked as needing a look.

    Raises InfrastructureError where the database can't be used; then nothing of this call is booked."""
    from autograder.gradebook import rows

    rows.record(course, entries)


def exists(course: Course) -> bool:
    """Whether there is a gradebook to read: nbgrader would make an empty one."""
    from autograder.gradebook import booked

    return booked.exists(courses.gradebook_url(course))


def unbooked(course: Course, assignment: Assignment, results: Iterable[tuple[Path, Report]]) -> set[str]:
    """The students for whom `record` would change anything, of `results`: folder of the submission and report, of one assignment.

    Takes no part of nbgrader's seconds.  Changes nothing."""
    from autograder.gradebook import booked

    return booked.unbooked(course, assignment, results)


def scores(course: Course, assignment: Assignment) -> dict[str, dict[str, float]]:
    """Student → task id → what nbgrader counts: a person's score where there is one, plus extra credit.

    Tasks without any score are left out."""
    from autograder.gradebook import rows

    return rows.scores(course, assignment)
