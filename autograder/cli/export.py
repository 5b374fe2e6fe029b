"""`autograder export --to SYSTEM`: grades as a table, and as the files that learning management systems import."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograder import course as courses
from autograder import files, journal
from autograder.cli import show
from autograder.errors import UsageError
from autograder.lms import exports, roster
from autograder.lms.grades import Grades, gather
from autograder.lms.results_json import results, text_of
from autograder.model import Course

FOLDER = "exports"


@dataclass
class Told:
    """What was written, and the graded students who are not in it and why."""

    written: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    people = roster.load(Path(options.roster or course.root / roster.NAME), needed=bool(options.roster))
    wanted = courses.pick(course, options.assignments)
    if options.template and options.to not in {"canvas", "moodle"}:
        raise UsageError("--template belongs to --to canvas and --to moodle.", "Leave it out.")
    if options.to == "moodle" and (len(options.assignments) != 1 or not options.template):
        raise UsageError(
            "Moodle has a worksheet for each assignment: name one, and the worksheet that you downloaded.",
            "Example: autograder export softmax --to moodle --template worksheet.csv",
        )
    with show.waiting("Gathering the grades", quiet=options.quiet):
        grades = gather(course, wanted, people)
    if not grades.assignments:
        raise journal.nothing_graded(options.assignments)
    with show.waiting("Writing what the system reads", quiet=options.quiet or options.to == "gradescope"):
        told = WRITERS[options.to](course, grades, people, options)
    withheld = grades.withheld()
    show.notes((*withheld, *told.left_out, *grades.remarks))
    show.write_json(
        {
            "written": [str(path) for path in told.written],
            "withheld": withheld,
            "left_out": told.left_out,
            "remarks": list(grades.remarks),
        },
        options.json,
    )
    if not options.quiet and options.json != "-" and options.into != "-":
        for path in told.written[:5]:
            print(path)
        if len(told.written) > 5:
            print(f"… and {len(told.written) - 5} more")
    return 4 if withheld else 0


def _csv(course: Course, grades: Grades, _people: roster.Roster, options: argparse.Namespace) -> Told:
    return _one_file(course, exports.plain(grades), "grades.csv", options)


def _canvas(course: Course, grades: Grades, people: roster.Roster, options: argparse.Namespace) -> Told:
    made = exports.canvas(grades, people, Path(options.template) if options.template else None)
    told = _one_file(course, made.text, "canvas.csv", options)
    told.left_out = [f"{name} has grades and is not in the Canvas file." for name in made.left_out]
    return told


def _moodle(course: Course, grades: Grades, people: roster.Roster, options: argparse.Namespace) -> Told:
    filled = exports.moodle(grades, people, Path(options.template))
    archive, without_page = exports.feedback_zip(grades, filled)
    (assignment,) = grades.assignments
    folder = _folder(course, options, "moodle")
    return Told(
        [
            files.write(folder / f"{assignment.name}-grades.csv", filled.text),
            files.write(folder / f"{assignment.name}-feedback.zip", archive),
        ],
        [
            *(f"{name} has a grade and is not in the worksheet." for name in filled.left_out),
            *(f"{name} has no page: run autograder feedback {assignment.name}." for name in without_page),
        ],
    )


def _gradescope(course: Course, grades: Grades, _people: roster.Roster, options: argparse.Namespace) -> Told:
    folder = _folder(course, options, "gradescope")
    told = Told()
    given = [
        (folder / name / student / "results.json", grade.report, grade)
        for student, own in grades.table.items()
        for name, grade in own.items()
        if grade.report is not None and not grade.withheld
    ]
    with show.progress("Results for Gradescope", len(given), quiet=options.quiet, told=True) as advance:
        for path, report, grade in given:
            found = results(report, score=grade.mark.counted, why=grade.why)
            told.written.append(files.write(path, text_of(found)))
            advance(path)
    return told


WRITERS = {"csv": _csv, "canvas": _canvas, "moodle": _moodle, "gradescope": _gradescope}


def _one_file(course: Course, text: str, name: str, options: argparse.Namespace) -> Told:
    if options.into == "-":
        sys.stdout.write(text)
        return Told()
    path = Path(options.into) if options.into else course.root / FOLDER / name
    if path.is_dir():
        path /= name
    return Told([files.write(path, text)])


def _folder(course: Course, options: argparse.Namespace, name: str) -> Path:
    folder = Path(options.into) if options.into else course.root / FOLDER / name
    if options.into == "-" or folder.is_file():
        raise UsageError(f"--to {options.to} writes several files.", "Name a folder with --into.")
    return folder
