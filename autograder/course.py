"""Finds and loads course_config.py and tells where everything of an assignment lies."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import sys
import traceback
from datetime import timedelta
from pathlib import Path

from autograder.errors import AuthoringError, UsageError
from autograder.model import LAYERS, Assignment, Course

CONFIG = "course_config.py"


def find_root(start: Path | None = None) -> Path | None:
    """The nearest folder at or above `start` (default: AUTOGRADER_COURSE, else the working directory) that holds
    course_config.py, or None."""
    here = (start or Path(os.environ.get("AUTOGRADER_COURSE", "."))).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / CONFIG).is_file()), None)


def load(start: Path | None = None) -> Course:
    """The course whose folder holds `start`.

    Raises UsageError where there is none, AuthoringError where course_config.py does not define one."""
    root = find_root(start)
    if root is None:
        raise UsageError(f"No {CONFIG} here or in a folder above.", "Run this inside the course repository.")
    spec = importlib.util.spec_from_file_location("course_config", root / CONFIG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AuthoringError(
            f"{root / CONFIG} does not load: {type(error).__name__}: {error}{_place(error, root / CONFIG)}.",
            "Mend it there, or take back the last change.",
        ) from error
    finally:
        sys.dont_write_bytecode = writes
    course = getattr(module, "course", None)
    if not isinstance(course, Course):
        raise AuthoringError(f"{root / CONFIG} must define `course = Course(...)`.", "Add that line.")
    names = [assignment.name for assignment in course.assignments]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise AuthoringError(f"{root / CONFIG} names {', '.join(twice)} twice.", "Take one of them out.")
    if fault := _rule_fault(course, names):
        raise AuthoringError(f"{root / CONFIG}: {fault}")
    return dataclasses.replace(course, root=root)


def _place(error: Exception, config: Path) -> str:
    """The line of the configuration at which it stopped; "" where the error says so itself, as of a syntax error."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(config)]
    return f" (line {lines[-1]})" if lines else ""


def _rule_fault(course: Course, names: list[str]) -> str:
    """What is wrong with the rules on the sandbox, late work and totals, in a sentence; "" if nothing is."""
    if unknown := [layer for layer in course.required_layers if layer not in LAYERS]:
        return f"there is no layer {unknown[0]!r} of the sandbox: required_layers may name {', '.join(LAYERS)}."
    for assignment in course.assignments:
        if assignment.due is not None and assignment.due.tzinfo is None:
            return f"the due date of {assignment.name} has no time zone: give it one, e.g. tzinfo=UTC."
    for late in (course.late, *(a.late for a in course.assignments if a.late)):
        limit = 1 if late.most_days is None else late.most_days
        if not 0 <= late.percent_per_day <= 100 or late.grace < timedelta() or limit < 1:
            return f"{late} is no rule: percent_per_day is 0 to 100, grace not negative, most_days 1 or more."
    for extension in course.extensions:
        if extension.assignment and extension.assignment not in names:
            return f"an extension is for {extension.assignment!r}, and there is no such assignment."
        if extension.by <= timedelta():
            return f"the extension of {extension.student} is no time at all."
    regular = sum(not assignment.bonus for assignment in course.assignments)
    if course.drop_worst < 0 or (course.drop_worst and course.drop_worst >= regular):
        return f"drop_worst is {course.drop_worst}, and there are {regular} assignments that count."
    return ""


def pick(course: Course, names: list[str]) -> tuple[Assignment, ...]:
    """The named assignments, in the order of the course; all of them for an empty list.  Raises UsageError, also where there is none."""
    known = [assignment.name for assignment in course.assignments]
    if not known:
        raise UsageError(f"{CONFIG} lists no assignment.", "Add one: docs/new-assignment.md says how.")
    for name in names:
        if name not in known:
            raise UsageError(f"There is no assignment {name!r}.", f"There is: {', '.join(known)}.")
    return tuple(a for a in course.assignments if not names or a.name in names)


def source_dir(course: Course, assignment: str) -> Path:
    return course.root / "source" / assignment


def source_notebook(course: Course, assignment: str) -> Path:
    return source_dir(course, assignment) / f"{assignment}.ipynb"


def checks_dir(course: Course, assignment: str) -> Path:
    return source_dir(course, assignment) / "checks"


def variants_dir(course: Course, assignment: str) -> Path:
    return source_dir(course, assignment) / "variants"


def release_dir(course: Course, assignment: str) -> Path:
    return course.root / "release" / assignment


def manifest_path(course: Course, assignment: str) -> Path:
    return release_dir(course, assignment) / "manifest.json"


def data_dir(course: Course, assignment: str) -> Path | None:
    """The assignment's data/: as it was released, as it will be, or beside a student's notebook; None where it has none."""
    places = (release_dir(course, assignment), source_dir(course, assignment), course.root)
    return next((place / "data" for place in places if (place / "data").is_dir()), None)


def gradebook_url(course: Course) -> str:
    """The gradebook's database: the course's setting, else AUTOGRADER_GRADEBOOK, else gradebook.db beside the config."""
    return course.gradebook_url or os.environ.get("AUTOGRADER_GRADEBOOK") or f"sqlite:///{course.root / 'gradebook.db'}"
