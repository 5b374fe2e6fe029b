"""`autograder collect ARCHIVE --from SYSTEM`: what students handed in, into submitted/."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.table import Table

from autograder import course as courses
from autograder.cli import show
from autograder.errors import UsageError
from autograder.lms import roster, tables
from autograder.lms.archive import Archive, opened
from autograder.lms.collect import Summary, collect
from autograder.lms.layouts import LAYOUTS, Laid, told_apart, with_worksheet
from autograder.model import Course
from autograder.words import plural, printable

NAMED = 20  # of problems and people, the most that are listed one by one


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    if options.assignment:
        courses.pick(course, [options.assignment])
    people = roster.load(Path(options.roster or course.root / roster.NAME), needed=bool(options.roster))
    with opened(Path(options.archive)) as archive:
        laid = _laid(course, archive, options)
        if not laid.files:
            raise UsageError(
                f"Nothing in {options.archive} looks like a submission from {options.source}.",
                f"Is it from another system?  There is: {', '.join(LAYOUTS)}.",
            )
        with show.progress("Collecting files", len(laid.files), quiet=options.quiet, told=True) as advance:
            summary = collect(
                course,
                archive,
                laid,
                source=options.source,
                assignment=options.assignment,
                roster=people,
                on_done=advance,
            )
    show.write_json(summary.to_json(), options.json)
    if options.json != "-" and not options.quiet:
        show.console().print(_table(summary))
    _say(summary, known=bool(people.students), quiet=options.quiet)
    return 1 if summary.problems else 0


def _laid(course: Course, archive: Archive, options: argparse.Namespace) -> Laid:
    laid = LAYOUTS[options.source](archive, {assignment.name for assignment in course.assignments})
    if options.source != "moodle":
        if options.worksheet:
            raise UsageError("--worksheet belongs to --from moodle.", "Leave it out.")
        return laid
    if options.worksheet:
        laid = with_worksheet(laid, tables.read(Path(options.worksheet)), _zone(options.zone))
    return told_apart(laid)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"There is no time zone {name}.", "It is written like Europe/Paris.") from error


def _table(summary: Summary) -> Table:
    table = Table(title=plural(len(summary.collected), "submission"), title_justify="left")
    for name in ("student", "assignment", "", "came", "versions", "of", ""):
        table.add_column(name, justify="right" if name == "versions" else "left")
    for one in summary.collected:
        came = one.time[:16].replace("T", " ") + (" late" if one.late else "")
        cells = (one.student, one.assignment, one.change, came.strip(), str(one.versions), one.person, one.note)
        show.row(table, *cells)
    return table


def _say(summary: Summary, *, known: bool, quiet: bool) -> None:
    for problem in summary.problems[:NAMED]:
        print(f"autograder: not collected: {printable(problem)}", file=sys.stderr)
    if len(summary.problems) > NAMED:
        print(f"autograder: … and {len(summary.problems) - NAMED} more: see them with --json -", file=sys.stderr)
    if quiet or not summary.unlisted:
        return
    if not known:
        print("There is no roster.csv: ids are made of names and numbers.", file=sys.stderr)
        return
    for person in summary.unlisted[:NAMED]:
        print(f"Not on the roster, or not the only one of that name: {printable(person)}", file=sys.stderr)
    if len(summary.unlisted) > NAMED:
        print(f"… and {len(summary.unlisted) - NAMED} more.", file=sys.stderr)
