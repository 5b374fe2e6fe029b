"""What the gradebook holds of an assignment, in four queries and without nbgrader: most runs find nothing to book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, DateTime, Float, Interval, String, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from autograder import course as courses
from autograder.gradebook import verdict
from autograder.gradebook.notebooks import Released, is_written
from autograder.model import Assignment, Course, Report

_OF_ASSIGNMENT = "FROM assignment JOIN notebook ON notebook.assignment_id = assignment.id"
_POINTS = text(
    f"""SELECT assignment.duedate, base_cell.name, grade_cells.max_score {_OF_ASSIGNMENT}
       JOIN base_cell ON base_cell.notebook_id = notebook.id JOIN grade_cells ON grade_cells.id = base_cell.id
       WHERE assignment.name = :assignment"""
).columns(duedate=DateTime, name=String, max_score=Float)
_SOURCES = text(
    f"""SELECT source_cell.name, source_cell.source {_OF_ASSIGNMENT} JOIN source_cell ON source_cell.notebook_id = notebook.id
       WHERE assignment.name = :assignment"""
).columns(name=String, source=String)
_OF_STUDENT = """FROM assignment JOIN submitted_assignment ON submitted_assignment.assignment_id = assignment.id
       JOIN submitted_notebook ON submitted_notebook.assignment_id = submitted_assignment.id"""
_GRADES = text(
    f"""SELECT submitted_assignment.student_id, submitted_assignment.timestamp, submitted_assignment.extension,
       submitted_notebook.late_submission_penalty, base_cell.name,
       grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade
       {_OF_STUDENT} JOIN grade ON grade.notebook_id = submitted_notebook.id JOIN base_cell ON base_cell.id = grade.cell_id
       WHERE assignment.name = :assignment"""
).columns(
    student_id=String, timestamp=DateTime, extension=Interval, late_submission_penalty=Float, name=String,
    auto_score=Float, manual_score=Float, extra_credit=Float, needs_manual_grade=Boolean,
)  # fmt: skip
_COMMENTS = text(
    f"""SELECT submitted_assignment.student_id, base_cell.name, comment.auto_comment
       {_OF_STUDENT} JOIN comment ON comment.notebook_id = submitted_notebook.id JOIN base_cell ON base_cell.id = comment.cell_id
       WHERE assignment.name = :assignment"""
).columns(student_id=String, name=String, auto_comment=String)


@dataclass(frozen=True, slots=True)
class _Book:
    """Points and sources of the cells; grades and automatic comments: student → cell → row."""

    points: list[Any]
    sources: list[Any]
    grades: dict[str, dict[str, Any]]
    comments: dict[str, dict[str, str | None]]


def unbooked(course: Course, assignment: Assignment, results: Iterable[tuple[Path, Report]]) -> set[str]:
    """The students for whom booking `results` (folder of the submission, report) would change the gradebook or the autograded notebook.

    All of them where the gradebook holds no such assignment, or cannot be read: booking will say why."""
    asked = list(results)
    released = Released(course, assignment.name)
    try:
        book = _read(courses.gradebook_url(course), assignment.name)
    except SQLAlchemyError:
        book = None
    if book is None or not _knows(book, released, assignment):
        return {report.student for _, report in asked}
    tasks = {task.id for task in released.manifest.tasks}
    return {
        report.student
        for folder, report in asked
        if not is_written(course, released, report.student)
        or not _holds(book, tasks, report, course, verdict.arrival(course, assignment, report.student, folder))
    }


def exists(url: str) -> bool:
    """Whether there is a database to read: of a server, that is for it to say."""
    place = make_url(url)
    return place.get_backend_name() != "sqlite" or not place.database or Path(place.database).exists()


def _read(url: str, assignment: str) -> _Book | None:
    """None where there is no database: asking SQLite would make one."""
    if not exists(url):
        return None
    engine = create_engine(url)
    of = {"assignment": assignment}
    try:
        with engine.connect() as connection:
            book = _Book(list(connection.execute(_POINTS, of)), list(connection.execute(_SOURCES, of)), {}, {})
            for row in connection.execute(_GRADES, of):
                book.grades.setdefault(row.student_id, {})[row.name] = row
            for student, name, comment in connection.execute(_COMMENTS, of):
                book.comments.setdefault(student, {})[name] = comment
    finally:
        engine.dispose()
    return book


def _knows(book: _Book, released: Released, assignment: Assignment) -> bool:
    points = {cell.name: cell.max_score for cell in book.points}
    sources = {cell.name: cell.source for cell in book.sources}
    return released.is_registered(assignment, points, sources, next((cell.duedate for cell in book.points), None))


def _holds(book: _Book, tasks: set[str], report: Report, course: Course, arrived: verdict.Arrival) -> bool:
    grades, comments = book.grades.get(report.student, {}), book.comments.get(report.student, {})
    assignment = course.assignment(report.assignment)
    if assignment is None or set(grades) != tasks or set(comments) != tasks:
        return False
    earned = 0.0
    for task, grade in grades.items():
        overruled = grade.manual_score is not None
        if grade.auto_score != verdict.score(report, task) or (grade.needs_manual_grade and not overruled):
            return False
        earned += (grade.manual_score if overruled else grade.auto_score) + (grade.extra_credit or 0.0)
    one = next(iter(grades.values()))
    return (
        all(comments[task] == verdict.remark(report, task) for task in tasks)
        and (one.timestamp, one.extension or None) == (arrived.timestamp, arrived.extension)
        and (one.late_submission_penalty or None) == verdict.penalty(course, assignment, earned, arrived)
    )
