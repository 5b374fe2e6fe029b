"""Where everyone stands in the course: marks, totals, who has handed in nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder import journal, policy, submitted
from autograder.model import Assignment, Course, Report
from autograder.notebook import timestamp
from autograder.policy import Lateness, Mark, Total
from autograder.report.pseudonyms import Pseudonyms


@dataclass(frozen=True, slots=True)
class ClassResults:
    """What there is of one assignment: a report for everyone who was graded, `waiting` for a grade, and `missing`."""

    assignment: Assignment
    reports: tuple[Report, ...]
    waiting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def max_score(self) -> float:
        return max((report.max_score for report in self.reports), default=0.0)


@dataclass(frozen=True, slots=True)
class Standing:
    """One student: a mark for each assignment that they handed in, and the total, None while a grade is withheld."""

    student: str
    marks: dict[str, Mark]
    total: Total | None


def class_results(
    assignment: Assignment, reports: Iterable[Report], handed_in: Collection[str], everyone: Iterable[str]
) -> ClassResults:
    """`handed_in` names all who have a folder for the assignment, `everyone` those who should."""
    found = tuple(sorted(reports, key=lambda report: report.student))
    graded = {report.student for report in found}
    return ClassResults(
        assignment,
        found,
        waiting=tuple(sorted(set(handed_in) - graded)),
        missing=tuple(sorted(set(everyone) - graded - set(handed_in))),
    )


def results_of(course: Course, listed: Collection[str]) -> tuple[ClassResults, ...]:
    """What is in results/ and submitted/ of every assignment.  `listed` are those who should hand in; where it names nobody, it is
    everybody who handed in anything."""
    reports = {one.name: journal.reports(course, one.name) for one in course.assignments}
    handed_in = {one.name: {job.student for job in submitted.handed_in(course, one)} for one in course.assignments}
    known = {report.student for found in reports.values() for report in found}.union(*handed_in.values())
    everyone = listed or known
    return tuple(class_results(one, reports[one.name], handed_in[one.name], everyone) for one in course.assignments)


def lateness(course: Course, assignment: Assignment, student: str) -> Lateness:
    """How late a student's work is; timestamp.txt beside it tells when it came."""
    came = timestamp.handed_in_at(submitted.folder_of(course, assignment.name, student))
    return policy.lateness(course, assignment, student, came)


def undated(course: Course, assignments: Iterable[Assignment], student: str | None = None) -> Iterator[str]:
    """A sentence for everyone whose timestamp.txt says nothing: no penalty can be counted for them."""
    for assignment in assignments:
        for job in submitted.handed_in(course, assignment, student):
            if wrong := timestamp.fault(submitted.folder_of(course, assignment.name, job.student)):
                yield f"{job.student} in {assignment.name}: {wrong}"


def mark_of(course: Course, assignment: Assignment, report: Report) -> Mark:
    """A result's mark, with what being late takes from it."""
    late = lateness(course, assignment, report.student)
    return policy.mark(policy.rule(course, assignment), report, late)


def penalties(course: Course, assignment: Assignment, reports: Iterable[Report]) -> dict[str, float]:
    """The points that being late takes from the scores of `reports`, by student: of those from whom it takes any."""
    taken = {one.student: mark_of(course, assignment, one).penalty for one in reports}
    return {student: points for student, points in taken.items() if points}


def standings(course: Course, results: Sequence[ClassResults]) -> tuple[Standing, ...]:
    """Everyone who handed in anything or should have, in the order of their names.

    What was not handed in counts 0 in the total, once anybody has been graded; what waits for its grade is left out."""
    begun = [one for one in results if one.reports]
    students = {name for one in begun for name in (*(r.student for r in one.reports), *one.waiting, *one.missing)}
    own: dict[str, dict[str, Mark]] = {student: {} for student in students}
    for one in begun:
        for report in one.reports:
            own[report.student][one.assignment.name] = mark_of(course, one.assignment, report)
    nothing = {one.assignment.name: Mark(0.0, one.max_score) for one in begun}
    waiting = {(student, one.assignment.name) for one in begun for student in one.waiting}
    made = []
    for student in sorted(students):
        marks = own[student]
        counted = {name: marks.get(name, mark) for name, mark in nothing.items() if (student, name) not in waiting}
        made.append(Standing(student, marks, policy.total(course, counted)))
    return tuple(made)


def anonymous(
    results: Sequence[ClassResults], standings_: Sequence[Standing], pseudonyms: Pseudonyms
) -> tuple[tuple[ClassResults, ...], tuple[Standing, ...]]:
    """Both under pseudonyms, and in their order: in the old one, a neighbour in the alphabet could be told."""
    hidden = tuple(
        ClassResults(
            one.assignment,
            tuple(sorted(map(pseudonyms.report, one.reports), key=lambda report: report.student)),
            tuple(sorted(map(pseudonyms.of, one.waiting))),
            tuple(sorted(map(pseudonyms.of, one.missing))),
        )
        for one in results
    )
    renamed = (Standing(pseudonyms.of(one.student), one.marks, one.total) for one in standings_)
    return hidden, tuple(sorted(renamed, key=lambda one: one.student))
