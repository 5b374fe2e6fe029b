"""Rows in nbgrader's gradebook, many at a time: nbgrader's own interface commits once per cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Assignment as BookedAssignment
from nbgrader.api import (
    Base,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.api import Course as CourseRow
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.preprocessors import SaveCells
from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from autograder import course as courses
from autograder.errors import AuthoringError, InfrastructureError, UsageError
from autograder.gradebook import verdict
from autograder.gradebook.config import tools_on_path
from autograder.gradebook.notebooks import Released, write
from autograder.model import (
    Assignment,
    Course,
    Judgement,
    NotGradable,
    Report,
    Status,
    Submission,
)

LOCK = 0x6E6267  # any number that all of us take
DEFAULT_COURSE = "default_course"  # what nbgrader's own SaveCells works in, whatever the course's name
Entry = tuple[Submission | NotGradable, Judgement]


@contextmanager
def _opened(course: Course) -> Iterator[Any]:
    """nbgrader's Gradebook.  Everything that goes wrong with the database becomes an InfrastructureError."""
    tools_on_path()
    url = courses.gradebook_url(course)
    try:
        _make_whole(url, course.name)
        with Gradebook(url, course.name) as book:
            try:
                yield book
            except BaseException:
                book.db.rollback()
                raise
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise InfrastructureError(
            f"The gradebook cannot be used: {said}.",
            "Is it there, writable, and of this nbgrader (`nbgrader db upgrade`)?",
        ) from error


def _make_whole(url: str, name: str) -> None:
    """Gives a new database all that nbgrader wants to find: its tables, their version, the course.

    nbgrader does so too, step by step: of two processes that meet an empty database one fails, and whoever is interrupted is left with a
    gradebook without a version, which can never be upgraded.  Here it is one transaction, and one process at a time is in it."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not _is_whole(connection, name):
                connection.rollback()
                server = connection.dialect.name == "postgresql"
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})" if server else "BEGIN IMMEDIATE")
                if set(inspect(connection).get_table_names()) <= {"alembic_version"}:
                    Base.metadata.create_all(connection)
                    MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")
                _add_missing(connection, CourseRow, {name, DEFAULT_COURSE})
                connection.commit()
    finally:
        engine.dispose()


def _is_whole(connection: Connection, name: str) -> bool:
    if not {"alembic_version", CourseRow.__tablename__} <= set(inspect(connection).get_table_names()):
        return False
    return {name, DEFAULT_COURSE} <= set(connection.scalars(select(CourseRow.id)))


def _add_missing(connection: Connection, table: Any, ids: set[str]) -> None:
    """Rows for those of `ids` that have none, whoever else adds the same ones at this moment."""
    insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert_into(table).values([{"id": one} for one in sorted(ids)]).on_conflict_do_nothing())


# ── the assignment ────────────────────────────────────────────────────────────────────────────────


def register(course: Course, assignment: Assignment) -> None:
    released = Released(course, assignment.name)
    due = {"duedate": assignment.due} if assignment.due else {}
    with _opened(course) as book:
        book.update_or_create_assignment(assignment.name, **due)
        place = {"notebook": released.name, "assignment": assignment.name, "db_url": courses.gradebook_url(course)}
        try:
            SaveCells().preprocess(nbformat.read(released.path, as_version=4), {"nbgrader": place})
        except RuntimeError as error:
            raise AuthoringError(
                f"{assignment.name} has submissions in the gradebook, so its cells cannot be added, removed or renamed.",
                f"Keep the grade_ids, or give up what is booked: nbgrader db assignment remove {assignment.name} --force",
            ) from error


def ensure_registered(course: Course, released: Released, assignment: Assignment) -> None:
    """Registers the assignment unless the gradebook knows it with the same cells and points."""
    with _opened(course) as book:
        try:
            known = book.find_notebook(released.name, assignment.name)
        except MissingEntry:
            current = False
        else:
            points = {cell.name: cell.max_score for cell in known.grade_cells}
            sources = {cell.name: cell.source for cell in known.source_cells}
            current = released.is_registered(assignment, points, sources, known.assignment.duedate)
    if not current:
        register(course, assignment)


def set_due(course: Course, assignment: Assignment) -> None:
    if assignment.due:
        with _opened(course) as book:
            book.update_or_create_assignment(assignment.name, duedate=assignment.due)


# ── what was handed in ────────────────────────────────────────────────────────────────────────────


def record(course: Course, entries: Iterable[Entry]) -> None:
    for released, submission, judgement in book(course, entries):
        write(course, released, submission, judgement)


def book(course: Course, entries: Iterable[Entry]) -> list[tuple[Released, Submission | NotGradable, Judgement]]:
    """Books `entries` in one transaction, and returns those that were booked."""
    groups: dict[str, list[Entry]] = {}
    for submission, judgement in entries:
        name = submission.student
        if name in {"", ".", ".."} or Path(name).name != name:
            raise UsageError(f"{name!r} cannot be a student's name: it is no name of a folder.", "Rename the folder.")
        groups.setdefault(submission.assignment, []).append((submission, judgement))
    releases = {name: Released(course, name) for name in groups}
    assignments: dict[str, Assignment] = {}
    for name, released in releases.items():
        assignment = course.assignment(name)
        if assignment is None:
            raise UsageError(f"There is no assignment {name!r} in course_config.py.", "Add it there.")
        assignments[name] = assignment
        ensure_registered(course, released, assignment)
    booked = []
    with _opened(course) as gradebook, gradebook.db.no_autoflush:
        for name, group in groups.items():
            students = {submission.student for submission, _ in group}
            desk = _Desk(gradebook, course, assignments[name], releases[name], students)
            desk.enrol({one.student for one, judgement in group if judgement.report.status is not Status.GRADER_ERROR})
            for submission, judgement in group:
                if judgement.report.status is Status.GRADER_ERROR:
                    desk.withhold(submission.student)
                else:
                    desk.book(submission, judgement.report)
                    booked.append((releases[name], submission, judgement))
        gradebook.db.commit()
    return booked


class _Desk:
    """The rows of one assignment for some students: read at once, changed in memory, written by the commit."""

    def __init__(
        self, gradebook: Any, course: Course, assignment: Assignment, released: Released, students: set[str]
    ) -> None:
        self.session = gradebook.db
        self.course, self.assignment, self.released = course, assignment, released
        self.notebook = gradebook.find_notebook(released.name, released.manifest.assignment)
        self.grade_cells = {cell.name: cell.id for cell in self.notebook.grade_cells}
        self.comment_cells = {cell.name: cell.id for cell in self.notebook.solution_cells}
        notebooks = selectinload(SubmittedAssignment.notebooks)
        query = (
            select(SubmittedAssignment)
            .where(
                SubmittedAssignment.assignment_id == self.notebook.assignment_id,
                SubmittedAssignment.student_id.in_(students),
            )
            .options(
                notebooks.selectinload(SubmittedNotebook.grades), notebooks.selectinload(SubmittedNotebook.comments)
            )
        )
        self.submissions = {found.student_id: found for found in self.session.scalars(query)}

    def enrol(self, students: set[str]) -> None:
        """Rows for those who have none.  Whoever books another assignment of the same new students at the same time does so too."""
        if students:
            _add_missing(self.session.connection(), Student, students)

    def withhold(self, student: str) -> None:
        """No score of this run is booked; scores of an earlier one are marked as needing a look."""
        if found := self.submissions.get(student):
            for grade in (grade for booked in found.notebooks for grade in booked.grades):
                grade.needs_manual_grade = True

    def book(self, submission: Submission | NotGradable, report: Report) -> None:
        arrived = verdict.arrival(self.course, self.assignment, submission.student, submission.path.parent)
        notebook, grades, comments = self._rows(submission.student, arrived)
        earned = 0.0
        for task, cell_id in self.grade_cells.items():
            grade = grades.get(cell_id)
            if grade is None:
                grade = Grade(id=new_uuid(), cell_id=cell_id, notebook_id=notebook.id)
                self.session.add(grade)
            score = verdict.score(report, task)
            # A person has graded this: their score stays, and they are asked again only if ours has changed under it.
            overruled = grade.manual_score is not None
            grade.needs_manual_grade = overruled and (grade.needs_manual_grade or grade.auto_score != score)
            grade.auto_score = score
            earned += (grade.manual_score if overruled else score) + (grade.extra_credit or 0.0)
        notebook.late_submission_penalty = verdict.penalty(self.course, self.assignment, earned, arrived)
        for task, cell_id in self.comment_cells.items():
            comment = comments.get(cell_id)
            if comment is None:
                comment = Comment(id=new_uuid(), cell_id=cell_id, notebook_id=notebook.id)
                self.session.add(comment)
            comment.auto_comment = verdict.remark(report, task)

    def _rows(self, student: str, arrived: verdict.Arrival) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        """The submitted notebook's row, and its grades and comments by cell; made where there are none."""
        found = self.submissions.get(student)
        if found is None:
            found = SubmittedAssignment(id=new_uuid(), assignment_id=self.notebook.assignment_id, student_id=student)
            self.session.add(found)
            self.submissions[student] = found
        found.timestamp, found.extension = arrived.timestamp, arrived.extension
        booked = next((one for one in found.notebooks if one.notebook_id == self.notebook.id), None)
        if booked is None:
            booked = SubmittedNotebook(id=new_uuid(), notebook_id=self.notebook.id)
            found.notebooks.append(booked)
        return (
            booked,
            {grade.cell_id: grade for grade in booked.grades},
            {comment.cell_id: comment for comment in booked.comments},
        )


# ── reading back ──────────────────────────────────────────────────────────────────────────────────


def scores(course: Course, assignment: Assignment) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with _opened(course) as gradebook:
        query = (
            select(Grade)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(BookedAssignment, BookedAssignment.id == SubmittedAssignment.assignment_id)
            .where(BookedAssignment.name == assignment.name)
            .add_columns(SubmittedAssignment.student_id)
            .options(selectinload(Grade.cell))
        )
        for grade, student in gradebook.db.execute(query):
            if grade.auto_score is not None or grade.manual_score is not None:
                found.setdefault(student, {})[grade.cell.name] = float(grade.score)
    return {student: found[student] for student in sorted(found)}
