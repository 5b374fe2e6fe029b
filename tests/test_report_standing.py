"""Where everybody stands in the course: totals with a bonus, with what is withheld or missing, and with late work."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sample_class import check, report, task, withheld

from autograder.model import Assignment, Course, Late, Outcome
from autograder.notebook.timestamp import written
from autograder.report.standing import class_results, standings

SMALL_COURSE = Course(
    "c", "A course",
    (Assignment("one", "One", due=datetime(2027, 1, 1, tzinfo=UTC)), Assignment("two", "Two"), Assignment("extra", "More", bonus=True)),
    late=Late(percent_per_day=10),
)  # fmt: skip
FULL, HALF = task("t", check(Outcome.PASSED)), task("t", check(Outcome.PASSED, "a"), check(Outcome.FAILED, "b"))


def test_totals_go_over_100_percent_with_a_bonus_and_nothing_counts_nothing() -> None:
    everyone = ["ada", "alan", "ken", "mia", "tim"]
    results = [
        class_results(SMALL_COURSE.assignments[0], [report("ada", FULL), report("alan", HALF), report("ken", FULL)], ["mia"], everyone),
        class_results(SMALL_COURSE.assignments[1], [report("ada", FULL), dataclasses.replace(withheld("ken"), max_score=2.0)], [], everyone),
        class_results(SMALL_COURSE.assignments[2], [report("ada", FULL)], [], everyone),
    ]  # fmt: skip
    ada, alan, ken, mia, tim = standings(SMALL_COURSE, results)

    assert ada.total is not None
    assert (ada.total.points, ada.total.percent, ada.total.bonus) == (6.0, 150.0, 2.0)
    assert alan.total is not None
    assert (alan.total.points, set(alan.marks)) == (1.0, {"one"})
    assert ken.total is None, "a grade is withheld"
    assert mia.total is not None
    assert mia.total.out_of == 2.0, "what waits for its grade is left out"
    assert tim.total is not None
    assert (tim.total.points, tim.total.out_of, tim.marks) == (0.0, 4.0, {})
    assert results[0].waiting == ("mia",)
    assert results[1].missing == ("alan", "mia", "tim")


def test_late_work_costs_what_the_course_says(tmp_path: Path) -> None:
    """Wherever the course was when the work was graded."""
    folder = tmp_path / "submitted" / "ada" / "one"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(written(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=30)))
    late = report("ada", FULL, notebook="/where/it/was/graded/one.ipynb")
    course = dataclasses.replace(SMALL_COURSE, root=tmp_path)
    (ada,) = standings(course, [class_results(course.assignments[0], [late], [], [])])

    assert (ada.marks["one"].score, ada.marks["one"].penalty, ada.marks["one"].counted) == (2.0, 0.4, 1.6)
