"""What everybody has: results, what a person changed in the gradebook, and the penalty for late work, put together for an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from autograder import course as courses
from autograder import gradebook, journal, notebook, policy, submitted
from autograder.lms.roster import Person, Roster, Student, safe_id
from autograder.model import NOT_SANDBOXED, Assignment, Course, Report, Status
from autograder.report import standing
from autograder.submitted import Job


@dataclass(frozen=True, slots=True)
class Grade:
    """One student's work on one assignment.  `why` is how its penalty came about, `reason` why the grade is withheld."""

    mark: policy.Mark
    report: Report | None = None
    why: tuple[str, ...] = ()
    reason: str = ""

    @property
    def withheld(self) -> bool:
        return self.mark.score is None


@dataclass(frozen=True, slots=True)
class Grades:
    """`table` is student id → assignment → Grade; who has handed in nothing is not in it.  `remarks` are what one should
    know before these grades leave: replaced since, made without the sandbox."""

    course: Course
    assignments: tuple[Assignment, ...]
    max_scores: dict[str, float]
    students: dict[str, Student]
    table: dict[str, dict[str, Grade]]
    remarks: tuple[str, ...] = field(default=())

    def grade(self, student: str, assignment: str) -> Grade | None:
        return self.table.get(student, {}).get(assignment)

    def total(self, student: str) -> policy.Total | None:
        """Over all assignments of this export; what was not handed in is 0.  None while a grade is withheld."""
        own = self.table.get(student, {})
        marks = {
            a.name: own[a.name].mark if a.name in own else policy.Mark(0.0, self.max_scores[a.name])
            for a in self.assignments
        }
        return policy.total(self.course, marks)

    def withheld(self) -> list[str]:
        """A sentence for each grade that nobody gets yet."""
        return [
            f"the grade of {student} in {name} is WITHHELD and left empty: {grade.reason}"
            for student, own in self.table.items()
            for name, grade in own.items()
            if grade.withheld
        ]

    def who(self, people: Sequence[tuple[Person, Sequence[str]]], roster: Roster) -> list[str | None]:
        """Whose rows a system's own table holds: a student id for each of (person, logins), None where it is nobody's.

        By number and e-mail of the roster first; then by what may be shared: the name, a login, the id that `collect` makes.  A student
        whom two rows could mean is nobody's, except where a number decides."""
        sure = [found.id if (found := roster.find_surely(person)) else None for person, _ in people]
        guesses = [
            known or (None if (guess := self._guess(person, logins, roster)) in sure else guess)
            for known, (person, logins) in zip(sure, people, strict=True)
        ]
        times = Counter(guess for guess in guesses if guess)
        return [
            known or (guess if guess and times[guess] == 1 else None)
            for known, guess in zip(sure, guesses, strict=True)
        ]

    def _guess(self, person: Person, logins: Sequence[str], roster: Roster) -> str | None:
        if found := roster.find_by_name(person):
            return found.id
        made = safe_id(person), safe_id(replace(person, tag=""))
        if fitting := next((name for name in (*logins, *made) if name in self.table), None):
            return fitting
        tagged = [name for name in self.table if person.tag and name.endswith(f"-{person.tag}")]
        return tagged[0] if len(tagged) == 1 else None


def gather(course: Course, assignments: Iterable[Assignment], roster: Roster) -> Grades:
    """The grades in `assignments` that anybody has a result in."""
    table: dict[str, dict[str, Grade]] = {}
    remarks: list[str] = []
    max_scores: dict[str, float] = {}
    graded = []
    for assignment in assignments:
        found, said = _of_assignment(course, assignment)
        if not found:
            continue
        graded.append(assignment)
        remarks += said
        max_scores[assignment.name] = next(grade.mark.max_score for grade in found.values())
        for student, grade in found.items():
            table.setdefault(student, {})[assignment.name] = grade
    others = {name: Student(name, name) for name in sorted(table) if name not in roster.students}
    return Grades(course, tuple(graded), max_scores, {**roster.students, **others}, table, tuple(remarks))


def _of_assignment(course: Course, assignment: Assignment) -> tuple[dict[str, Grade], list[str]]:
    reports = journal.results(course, assignment.name)
    jobs = {job.student: job for job in submitted.handed_in(course, assignment)}
    if not reports:
        return {}, []
    max_score = notebook.load_manifest(courses.manifest_path(course, assignment.name)).max_score
    booked = gradebook.scores(course, assignment) if gradebook.exists(course) else {}
    grades: dict[str, Grade] = {}
    remarks = list(standing.undated(course, [assignment]))
    for student in sorted({*reports, *jobs}):
        report = reports.get(student)
        if report is None:
            reason = "its result cannot be read." if student in reports else "it has not been graded."
            grades[student] = Grade(
                policy.Mark(None, max_score), reason=f"{reason}  Run: autograder grade {assignment.name}"
            )
            continue
        if student in jobs and _replaced(course, jobs[student], report):
            remarks.append(f"{student} has handed in {assignment.name} anew since it was graded.")
        if report.execution.sandbox == NOT_SANDBOXED:
            remarks.append(f"{student}'s result in {assignment.name} was made without the sandbox.")
        grades[student] = _grade(course, assignment, report, booked.get(student))
    return grades, remarks


def _grade(course: Course, assignment: Assignment, report: Report, booked: dict[str, float] | None) -> Grade:
    rule, late = policy.rule(course, assignment), standing.lateness(course, assignment, report.student)
    mark = policy.mark(rule, report, late, round(sum(booked.values()), 2) if booked else None)
    if mark.score is None:
        return Grade(mark, report, reason=report.reason)
    return Grade(mark, report, policy.why(rule, late, mark.score))


def _replaced(course: Course, job: Job, report: Report) -> bool:
    """Whether another file is there than the one that was judged; of a grade that is withheld, it does not matter."""
    if report.status is Status.GRADER_ERROR:
        return False
    return notebook.digest(job.path, course.limits) != report.fingerprint.submission
