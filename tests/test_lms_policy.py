"""Late work, extensions, drops and the bonus: the rule as a function, and the same points in the gradebook and on the page."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sample_report import report_of

from autograder import cli, gradebook, journal, policy
from autograder import course as courses
from autograder.cli.grade import announce
from autograder.errors import AuthoringError
from autograder.journal import Done, keep
from autograder.model import Assignment, Course, Extension, Judgement, Late, NotGradable
from autograder.notebook import timestamp
from autograder.submitted import Job

ROOT = Path(__file__).resolve().parent.parent
DUE = datetime(2027, 2, 12, 22, 0, tzinfo=UTC)
TEN = Late(percent_per_day=10, grace=timedelta(minutes=15), most_days=3)
HOUR, DAY = 3600.0, 86400.0


def course_of(**changes: Any) -> Course:
    assignments = tuple(Assignment(name, name.title(), due=DUE) for name in ("one", "two", "three"))
    bonus = Assignment("extra", "Extra", bonus=True)
    return Course("c", "A course", (*assignments, bonus), **changes)


@pytest.mark.parametrize(
    ("seconds", "days", "percent"),
    [
        (0, 0, 0),
        (15 * 60, 0, 0),
        (15 * 60 + 1, 1, 10),
        (DAY, 1, 10),
        (DAY + 1, 2, 20),
        (3 * DAY, 3, 30),
        (3 * DAY + 1, 4, 100),
    ],
)
def test_every_day_begun_costs_and_too_late_counts_nothing(seconds: float, days: int, percent: float) -> None:
    assert policy.days(TEN, seconds) == days
    assert policy.percent(TEN, seconds) == percent
    assert policy.penalty(TEN, 17.5, seconds) == pytest.approx(17.5 * percent / 100)


def test_by_default_late_work_costs_nothing() -> None:
    assert policy.penalty(Late(), 20.0, 1000 * DAY) == 0
    assert courses.load(ROOT).late == Late()


def test_no_penalty_is_more_than_there_is_nor_less_than_nothing() -> None:
    steep = Late(percent_per_day=60)
    assert policy.penalty(steep, 20.0, 5 * DAY) == 20
    assert policy.penalty(steep, -1.0, 5 * DAY) == 0


def test_the_longest_extension_that_applies_holds() -> None:
    longest = Extension("ada", timedelta(days=3), "one")
    course = course_of(
        late=TEN, extensions=(longest, Extension("ada", timedelta(days=1)), Extension("alan", timedelta(days=9)))
    )
    came = DUE + timedelta(days=3, hours=1)
    late = {a.name: policy.lateness(course, a, "ada", came) for a in course.assignments}
    assert (late["one"].due, late["one"].days, late["one"].percent) == (DUE + timedelta(days=3), 1, 10)
    assert (late["two"].due, late["two"].days) == (DUE + timedelta(days=1), 3)
    assert policy.lateness(course, course.assignments[0], "alan", came).seconds == 0
    assert late["extra"].due is None
    assert late["extra"].percent == 0


def test_an_assignment_has_a_rule_of_its_own() -> None:
    course = course_of(late=TEN)
    own = dataclasses.replace(course.assignments[0], late=Late(percent_per_day=50))
    assert policy.rule(course, own).percent_per_day == 50
    assert policy.rule(course, course.assignments[1]) == TEN


def test_what_came_at_an_unknown_time_is_not_late() -> None:
    assert policy.lateness(course_of(late=TEN), course_of().assignments[0], "ada", None).percent == 0


@pytest.mark.parametrize(
    ("late", "hours", "words"),
    [
        (TEN, 25, ("1 day 1 hour late", "2 days begun: 20 %", "4 of 20 points: 16 count")),
        (TEN, 0.1, ("6 minutes late", "Up to 15 minutes costs nothing")),
        (TEN, 24 * 4, ("more than 3 days late does not count", "20 of 20 points: 0 count")),
        (Late(), 1, ("1 hour late", "costs nothing in this course")),
    ],
)
def test_the_penalty_is_explained(late: Late, hours: float, words: tuple[str, ...]) -> None:
    course = course_of(late=late)
    found = policy.lateness(course, course.assignments[0], "ada", DUE + timedelta(hours=hours))
    said = " ".join(policy.why(late, found, 20.0))
    assert [word for word in words if word not in said] == []


def test_work_in_time_needs_no_words() -> None:
    course = course_of(late=TEN)
    assert policy.why(TEN, policy.lateness(course, course.assignments[0], "ada", DUE), 20.0) == ()


# ── totals ────────────────────────────────────────────────────────────────────────────────────────


def marks(**points: float | None) -> dict[str, policy.Mark]:
    return {name: policy.Mark(score, 10.0) for name, score in points.items()}


def test_the_worst_assignment_is_dropped_and_the_bonus_never() -> None:
    total = policy.total(course_of(drop_worst=1), marks(one=9, two=2, three=10, extra=0))
    assert total == policy.Total(19, 20, 0, ("two",))
    assert policy.total(course_of(), marks(one=9, two=2, three=10, extra=0)) == policy.Total(21, 30)


def test_the_worst_is_the_one_with_the_smallest_share_after_penalties() -> None:
    found = {
        "one": policy.Mark(20.0, 40.0),
        "two": policy.Mark(6.0, 10.0, penalty=3.0),
    }
    total = policy.total(course_of(drop_worst=1), found)
    assert total is not None
    assert (total.dropped, total.points, total.out_of) == (("two",), 20, 40)


def test_one_assignment_always_remains() -> None:
    total = policy.total(course_of(drop_worst=2), marks(one=3, two=5))
    assert total is not None
    assert (total.dropped, total.points) == (("one",), 5)


def test_a_bonus_goes_over_a_hundred_percent() -> None:
    total = policy.total(course_of(), marks(one=10, two=10, three=10, extra=6))
    assert total is not None
    assert (total.percent, total.bonus) == (120, 6)


def test_there_is_no_total_while_a_grade_is_withheld() -> None:
    assert policy.total(course_of(), marks(one=10, two=None)) is None


# ── the configuration ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ("late=Late(percent_per_day=120)", "percent_per_day"),
        ("late=Late(most_days=0)", "most_days"),
        ("late=Late(grace=timedelta(days=-1))", "grace"),
        ("extensions=(Extension('ada', timedelta(days=1), 'ones'),)", "'ones'"),
        ("extensions=(Extension('ada', timedelta(0)),)", "ada"),
        ("drop_worst=1", "drop_worst"),
        ("required_layers=('files', 'magic')", "no layer 'magic'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_an_authoring_fault(tmp_path: Path, settings: str, named: str) -> None:
    (tmp_path / courses.CONFIG).write_text(
        "from datetime import timedelta\nfrom autograder.model import Assignment, Course, Extension, Late\n"
        f"course = Course('c', 'C', (Assignment('one', 'One'),), {settings})\n"
    )
    with pytest.raises(AuthoringError, match=named):
        courses.load(tmp_path)


def test_a_deadline_without_a_time_zone_is_an_authoring_fault(tmp_path: Path) -> None:
    (tmp_path / courses.CONFIG).write_text(
        "from datetime import datetime\nfrom autograder.model import Assignment, Course\n"
        "course = Course('c', 'C', (Assignment('one', 'One', due=datetime(2027, 1, 1)),))\n"
    )
    with pytest.raises(AuthoringError, match="time zone"):
        courses.load(tmp_path)


# ── timestamp.txt ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2027-02-12 21:58:23.948203 UTC", "2027-02-12T21:58:23.948203+00:00"),
        ("2027-02-12 21:58:23", "2027-02-12T21:58:23+00:00"),
        ("2027-02-12 22:58:23 +0100", "2027-02-12T21:58:23+00:00"),
        ("2027-02-12T22:58:23+01:00\n", "2027-02-12T21:58:23+00:00"),
        ("2027-02-12 16:58:23 EST", "2027-02-12T21:58:23+00:00"),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_and_others_write_it(tmp_path: Path, text: str, utc: str) -> None:
    (tmp_path / "timestamp.txt").write_text(text)
    assert timestamp.handed_in_at(tmp_path) == datetime.fromisoformat(utc)


def test_what_is_no_timestamp_is_none(tmp_path: Path) -> None:
    assert timestamp.handed_in_at(tmp_path) is None
    secret = tmp_path / "secret"
    secret.write_text("2027-02-12 21:58:23 UTC")
    (tmp_path / "timestamp.txt").symlink_to(secret)
    assert timestamp.handed_in_at(tmp_path) is None
    (tmp_path / "timestamp.txt").unlink()
    for text in ("soon", "2027-02-12 21:58:23 IST", "2027-02-12 21:58:23 EDT"):  # India's or Israel's, Ireland's?
        (tmp_path / "timestamp.txt").write_text(text)
        assert timestamp.handed_in_at(tmp_path) is None
        assert "nobody knows when the work came" in timestamp.fault(tmp_path)


def test_our_timestamp_is_nbgraders() -> None:
    from nbgrader.utils import parse_utc

    now = datetime(2027, 2, 12, 23, 1, 2, 345678, tzinfo=UTC)
    assert parse_utc(timestamp.written(now)) == now.replace(tzinfo=None)


# ── the gradebook, nbgrader's plugin and the page ─────────────────────────────────────────────────


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course of one assignment, in the gradebook: 10 % a day begun, and grace has a day more."""
    root = tmp_path_factory.mktemp("late")
    shutil.copytree(ROOT / "source" / "softmax", root / "source" / "softmax", ignore=shutil.ignore_patterns("variants"))
    shutil.copytree(ROOT / "release" / "softmax", root / "release" / "softmax")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / courses.CONFIG).write_text(
        "from datetime import UTC, datetime, timedelta\n"
        "from autograder.model import Assignment, Course, Extension, Late\n"
        "course = Course('c', 'C', (Assignment('softmax', 'Softmax', due=datetime(2027, 2, 12, 22, 0, tzinfo=UTC)),),\n"
        "    late=Late(percent_per_day=10), extensions=(Extension('grace', timedelta(days=1), 'softmax'),))\n"
    )
    course = courses.load(root)
    gradebook.register(course, course.assignments[0])
    return course


def hand_in(course: Course, student: str, share: float, *, late: timedelta | None) -> None:
    """Books and journals a result of `share` of the points, for work that came so much after the deadline; None is nobody knows."""
    path = course.root / "submitted" / student / "softmax" / "softmax.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if late is not None:
        (path.parent / "timestamp.txt").write_text(timestamp.written(DUE + late))
    handed_in = NotGradable(path, "softmax", student, "")
    judgement = Judgement(report_of(course, "softmax", student, share))
    gradebook.record(course, [(handed_in, judgement)])
    keep(course, Done(Job(path, student), handed_in, judgement))


def booked_penalties(course: Course) -> dict[str, tuple[float, float]]:
    """Student → what nbgrader counts as late, in seconds, and the penalty it holds."""
    from nbgrader.api import Gradebook

    with Gradebook(courses.gradebook_url(course), course.name) as book:
        found = book.assignment_submissions("softmax")
        return {one.student_id: (one.total_seconds_late, one.late_submission_penalty) for one in found}


def test_gradebook_plugin_page_and_table_take_the_same(
    place: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(place, "ada", 1.0, late=timedelta(hours=25))
    hand_in(place, "grace", 0.5, late=timedelta(hours=25))
    hand_in(place, "alan", 1.0, late=None)

    booked = booked_penalties(place)
    assert {name: booked[name] for name in ("ada", "grace", "alan")} == {
        "ada": (25 * HOUR, 4.0),
        "grace": (HOUR, 1.0),
        "alan": (0, 0),
    }
    assert plugin(place).late_submission_penalty("ada", 20.0, 25 * HOUR) == 4.0
    assert plugin(place).late_submission_penalty("grace", 10.0, HOUR) == 1.0

    monkeypatch.setenv("AUTOGRADER_COURSE", str(place.root))
    assert cli.main(["feedback", "softmax", "--quiet"]) == 0
    page = {s: (place.root / "feedback" / s / "softmax" / "softmax.html").read_text() for s in ("ada", "alan")}
    assert "1 day 1 hour late" in page["ada"]
    assert "4 of 20 points: 16 count" in page["ada"]
    assert "late" not in page["alan"].split("</style>")[1]

    announce(place, place.assignments[0], journal.reports(place, "softmax"), show_table=True)
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert "late: -4" in rows["ada"]
    assert "late: -1" in rows["grace"]
    assert "late" not in rows["alan"]


def test_a_penalty_goes_when_its_reason_goes(place: Course) -> None:
    hand_in(place, "edsger", 1.0, late=timedelta(hours=1))
    assert booked_penalties(place)["edsger"] == (HOUR, 2.0)
    hand_in(place, "edsger", 1.0, late=timedelta())
    assert booked_penalties(place)["edsger"] == (0, 0)


def plugin(course: Course) -> Any:
    """The class that nbgrader makes from our configuration, inside the step that calls it."""
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config

    c = Config()
    gradebook.configure(c, str(course.root / "nbgrader_config.py"))
    step = AssignLatePenalties(config=c)
    step.init_plugin()
    step.assignment_id = "softmax"
    return step.plugin_inst
