"""nbgrader's GenerateAssignment as a function: source/<name>/ in, a folder out, no gradebook."""

from __future__ import annotations

import logging
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import AuthoringError
from autograder.gradebook.config import apply
from autograder.model import Assignment, Course


class _Said(logging.Handler):
    """What nbgrader logs as an error; it raises without the reason."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def reason(self) -> str:
        """The exception in the last traceback that was logged, else the last line."""
        tracebacks = [text for text in self.texts if text.startswith("Traceback")]
        return (tracebacks or self.texts or ["no reason given"])[-1].strip().splitlines()[-1]


def generate(course: Course, assignment: Assignment, folder: Path) -> Path:
    c = Config()
    apply(c, course)
    c.CourseDirectory.assignment_id = assignment.name
    c.CourseDirectory.release_directory = str(folder.resolve())
    c.GenerateAssignment.no_database = True
    c.SaveCells.enabled = False
    said = _Said()
    log = logging.Logger("nbgrader")  # noqa: LOG001 - its own, not the root's child: nothing is printed
    log.addHandler(said)
    converter = GenerateAssignment(coursedir=CourseDirectory(config=c, log=log), config=c, log=log)
    try:
        converter.start()
    except NbGraderException as error:
        raise AuthoringError(f"nbgrader cannot release {assignment.name}: {said.reason()}") from error
    return folder / assignment.name
