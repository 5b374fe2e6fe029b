"""What course_config.py says about late work and totals, as pure functions: the same input gives the same points, anywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograder.model import Assignment, Course, Late, Report, Status
from autograder.words import plural

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lateness:
    """When one student's work was due and came.  `handed_in` is None where nobody knows: then it is not late.

    `seconds` are counted from the deadline, `days` are days begun, and `percent` is what they cost of the points earned."""

    due: datetime | None = None
    extension: timedelta = timedelta()
    handed_in: datetime | None = None
    seconds: float = 0.0
    days: int = 0
    percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What one student has in one assignment.  `score` is None where the grade is withheld."""

    score: float | None
    max_score: float
    penalty: float = 0.0

    @property
    def counted(self) -> float | None:
        """The points that count: after the penalty."""
        return None if self.score is None else round(self.score - self.penalty, 2)


@dataclass(frozen=True, slots=True)
class Total:
    """Points of the assignments that count, bonus included, of `out_of` that can be had without a bonus: over 100 % is possible."""

    points: float
    out_of: float
    bonus: float = 0.0
    dropped: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        return round(100 * self.points / self.out_of, 2) if self.out_of else 0.0


def rule(course: Course, assignment: Assignment) -> Late:
    return course.late if assignment.late is None else assignment.late


def extension(course: Course, assignment: Assignment, student: str) -> timedelta:
    """The longest of the student's extensions that apply; zero where there is none."""
    fitting = (one for one in course.extensions if one.student == student and one.assignment in {"", assignment.name})
    return max((one.by for one in fitting), default=timedelta())


def lateness(course: Course, assignment: Assignment, student: str, handed_in: datetime | None) -> Lateness:
    """How late work is that came at `handed_in` (with a time zone)."""
    more = extension(course, assignment, student)
    return lateness_after(rule(course, assignment), assignment.due + more if assignment.due else None, handed_in, more)


def lateness_after(
    late: Late, due: datetime | None, handed_in: datetime | None, more: timedelta = timedelta()
) -> Lateness:
    """How late work is that was `due` then; the extension `more` is in it already."""
    if due is None or handed_in is None:
        return Lateness(due, more, handed_in)
    seconds = max(0.0, (handed_in - due).total_seconds())
    return Lateness(due, more, handed_in, seconds, days(late, seconds), percent(late, seconds))


def days(late: Late, seconds: float) -> int:
    """Days begun after the deadline; 0 within the grace."""
    return 0 if seconds <= late.grace.total_seconds() else math.ceil(seconds / DAY.total_seconds())


def percent(late: Late, seconds: float) -> float:
    """What being `seconds` late costs, in percent of the points earned."""
    begun = days(late, seconds)
    if late.most_days is not None and begun > late.most_days:
        return 100.0
    return min(100.0, begun * late.percent_per_day)


def penalty(late: Late, score: float, seconds: float) -> float:
    """The points that being `seconds` late takes from `score`, rounded to 2 decimals; never more than there are."""
    return round(max(0.0, score) * percent(late, seconds) / 100, 2)


def mark(late: Late, report: Report, found: Lateness, score: float | None = None) -> Mark:
    """The mark of a result, with what being late takes from it.  `score` is what became of its points in the gradebook."""
    if report.status is Status.GRADER_ERROR:
        return Mark(None, report.max_score)
    earned = report.score if score is None else score
    return Mark(earned, report.max_score, penalty(late, earned, found.seconds))


def why(late: Late, found: Lateness, score: float) -> tuple[str, ...]:
    """How the penalty came about, in sentences for its student; none where the work was in time."""
    if not found.seconds or found.due is None or found.handed_in is None:
        return ()
    moved = f" (with an extension of {_span(found.extension)})" if found.extension else ""
    first = f"It was due {_moment(found.due)}{moved} and came {_moment(found.handed_in)}: {_span(timedelta(seconds=found.seconds))} late."
    if not found.days:
        return (first, f"Up to {_span(late.grace)} costs nothing.")
    taken = penalty(late, score, found.seconds)
    if late.most_days is not None and found.days > late.most_days:
        reason = f"Work that comes more than {plural(late.most_days, 'day')} late does not count"
    elif not found.percent:
        return (first, "That costs nothing in this course.")
    else:
        begun = f"{plural(found.days, 'day')} begun"
        reason = f"Each day begun costs {late.percent_per_day:g} % of the points earned; {begun}: {found.percent:g} %"
    return first, f"{reason}, which is {taken:g} of {score:g} points: {round(score - taken, 2):g} count."


def total(course: Course, marks: Mapping[str, Mark]) -> Total | None:
    """The total over `marks` (assignment → mark; work that was not handed in is a mark of 0).  None while any grade is withheld.

    The `drop_worst` assignments with the smallest share of their points leave the total, as long as one remains; a bonus never does."""
    if any(mark.counted is None for mark in marks.values()):
        return None
    counted = {name: (mark.counted or 0.0, mark.max_score) for name, mark in marks.items()}
    is_bonus = {assignment.name: assignment.bonus for assignment in course.assignments}
    regular = [name for name in counted if not is_bonus.get(name)]
    by_share = sorted(regular, key=lambda name: counted[name][0] / (counted[name][1] or 1.0))
    dropped = tuple(by_share[: max(0, min(course.drop_worst, len(regular) - 1))])
    bonus = sum(points for name, (points, _) in counted.items() if is_bonus.get(name))
    kept = [name for name in regular if name not in dropped]
    points = sum(counted[name][0] for name in kept) + bonus
    return Total(round(points, 2), sum(counted[name][1] for name in kept), round(bonus, 2), dropped)


def _span(time: timedelta) -> str:
    """A length of time in its two largest units, at least a minute."""
    minutes = max(1, round(time.total_seconds() / 60))
    parts = [plural(minutes // 1440, "day"), plural(minutes % 1440 // 60, "hour"), plural(minutes % 60, "minute")]
    return " ".join([part for part in parts if not part.startswith("0 ")][:2])


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%d %B %Y %H:%M} UTC"
