"""`autograder report`: the class in figures, a page for each assignment and one for the course."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder import course as courses
from autograder import files, journal, notebook
from autograder.cli import show
from autograder.lms import roster, tables
from autograder.model import Assignment, Course, Manifest
from autograder.report.class_figures import Figures, class_plots, figures
from autograder.report.class_page import class_page
from autograder.report.course_page import course_page, course_plots
from autograder.report.plots import Plot
from autograder.report.pseudonyms import Pseudonyms, load_key
from autograder.report.standing import ClassResults, Standing, anonymous, results_of, standings, undated
from autograder.words import plural

FOLDER = "report"
KEY = ".autograder/pseudonyms.key"
MARK = b'<meta name="generator" content="autograder report"'
"""What our pages hold: one that names students, to be exact."""


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    chosen = courses.pick(course, options.assignments)
    results = load(course)
    if not options.quiet:
        show.notes(undated(course, chosen))
    if not any(one.reports for one in results if one.assignment in chosen):
        raise journal.nothing_graded(options.assignments)
    pages, found, standing = write_report(course, results, chosen, hide=options.anonymous, quiet=options.quiet)
    if options.json:
        data = {
            "schema": 1,
            "course": course.name,
            "anonymous": options.anonymous,
            "assignments": [one.to_json() for one in found],
            "students": [_standing(one) for one in standing],
        }
        show.write_json(data, options.json)
    if not options.quiet and options.json != "-":
        print(
            f"{plural(len(pages), 'page')} in {course.root / FOLDER}; begin with {pages[-1].relative_to(course.root)}"
        )
    return 0


def load(course: Course) -> tuple[ClassResults, ...]:
    """What there is of every assignment; who should hand in is on the roster."""
    return results_of(course, roster.load(course.root / roster.NAME).students)


def write_report(
    course: Course,
    results: Sequence[ClassResults],
    chosen: Sequence[Assignment],
    *,
    hide: bool = False,
    quiet: bool = False,
) -> tuple[list[Path], list[Figures], tuple[Standing, ...]]:
    """Writes the pages of the `chosen` assignments, the course's, and the CSVs; with `hide`, nobody is named.

    Returns the pages, the course's last, the figures of each assignment, and where everyone stands."""
    standing: tuple[Standing, ...] = standings(course, results)
    if hide:
        results, standing = anonymous(results, standing, _pseudonyms(course, results))
    folder = course.root / FOLDER
    written: list[Path] = []
    computed: list[Figures] = []
    with show.progress("Pages of the report", len(chosen) + 1, quiet=quiet, told=True) as advance:
        for one in results:
            name = one.assignment.name
            if one.assignment not in chosen:
                continue
            found = figures(one, _manifest(course, name))
            drawn = class_plots(found)
            page = class_page(found, drawn, course_title=course.title, anonymous=hide, feedback=_feedback(course, name))
            _write_tables(folder, name, drawn)
            written.append(files.write(folder / f"{name}.html", page))
            computed.append(found)
            advance(one)
        if hide:
            _remove_named(folder)
        drawn = course_plots(results, standing)
        _write_tables(folder, "course", drawn)
        pages = [one.name for one in course.assignments if (folder / f"{one.name}.html").exists()]
        page = course_page(course, results, standing, drawn, pages=pages, anonymous=hide)
        written.append(files.write(folder / "index.html", page))
        advance(course)
    return written, computed, standing


def _manifest(course: Course, assignment: str) -> Manifest | None:
    path = courses.manifest_path(course, assignment)
    return notebook.load_manifest(path) if path.exists() else None


def _pseudonyms(course: Course, results: Sequence[ClassResults]) -> Pseudonyms:
    listed = roster.load(course.root / roster.NAME).students.values()
    students = {name for one in results for name in (*(r.student for r in one.reports), *one.waiting, *one.missing)}
    names = [name for student in listed for name in (student.name, student.email, *student.numbers.values()) if name]
    return Pseudonyms(load_key(course.root / KEY), students | {student.id for student in listed}, names)


def _remove_named(folder: Path) -> None:
    """Takes away pages and tables of an earlier report that names students: the folder is about to be shown to others."""
    for path in folder.glob("*.html"):
        if MARK in path.read_bytes()[:4096]:
            tables_of = "course" if path.stem == "index" else path.stem
            for old in (path, *folder.glob(f"data/{tables_of}-*.csv")):
                old.unlink(missing_ok=True)


def _write_tables(folder: Path, name: str, drawn: dict[str, Plot]) -> None:
    for plot in drawn.values():
        files.write(folder / "data" / f"{name}-{plot.name}.csv", tables.text_of(plot.header, plot.rows))


def _feedback(course: Course, assignment: str) -> Callable[[str], str]:
    """The address of a student's feedback page, as seen from report/; "" where there is none, as under a pseudonym."""

    def address(student: str) -> str:
        path = Path("feedback") / student / assignment / f"{assignment}.html"
        return quote(f"../{path.as_posix()}") if (course.root / path).is_file() else ""

    return address


def _standing(one: Standing) -> dict[str, Any]:
    total = one.total
    return {
        "student": one.student,
        "marks": {name: mark.counted for name, mark in one.marks.items()},
        "total": total
        and {"points": total.points, "out_of": total.out_of, "bonus": total.bonus, "percent": total.percent},
    }
