"""`autograder grade`: judges the class, journals every result, says what a regrade changes, books them all."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from autograder import course as courses
from autograder import gradebook, journal, plan, regrade, sandbox, submitted
from autograder.cli import show
from autograder.errors import UsageError
from autograder.model import Assignment, Course, Manifest, Report, Status
from autograder.plan import Graded
from autograder.release import released
from autograder.report import standing
from autograder.report.suite_doubts import doubts, sentence

BOOKED_AT_ONCE = 500  # in one transaction; so many notebooks with their pictures are in memory then


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    if options.unsafe:
        course = dataclasses.replace(course, unsafe=True, required_layers=())
        print("autograder: not sandboxed, as you asked: every result of this run says so.", file=sys.stderr)

    @functools.cache  # once, before the first submission runs and before torch is there: it forks
    def try_sandbox() -> None:
        if not options.unsafe and not options.scheduler:  # nodes try theirs
            sandbox.require(course.required_layers, course.limits)

    withheld = False
    data = []
    asked_for = courses.pick(course, options.assignments)
    if not options.quiet:
        show.notes(submitted.strays(course, options.student))
        show.notes(standing.undated(course, asked_for, options.student))
    for assignment in asked_for:
        graded = grade(
            course,
            assignment,
            student=options.student,
            jobs=options.jobs,
            scheduler=options.scheduler,
            force=options.force,
            quiet=options.quiet,
            dry_run=options.dry_run,
            before_judging=try_sandbox,
            changes_to=sys.stderr if options.json == "-" else None,
        )
        reports = [one.report for one in graded]
        if not reports and not options.quiet:
            print(f"Nobody has handed in {assignment.name}: submitted/*/{assignment.name} is empty.", file=sys.stderr)
        if options.json:
            data += [report.to_json() for report in reports]
        withheld |= announce(
            course, assignment, reports, show_table=bool(reports) and not options.quiet and options.json != "-"
        )
    show.write_json(data, options.json)
    return 4 if withheld else 0


def grade(
    course: Course,
    assignment: Assignment,
    *,
    student: str | None,
    jobs: int | None,
    scheduler: str = "",
    force: bool,
    quiet: bool,
    dry_run: bool = False,
    before_judging: Callable[[], None] = lambda: None,
    changes_to: TextIO | None = None,
) -> list[Graded]:
    """Judges what was handed in for one assignment, says what that changes of an earlier grade, and books it.

    A dry run leaves journal, gradebook and autograded notebooks as they are."""
    manifest = released(course, assignment)
    work = submitted.handed_in(course, assignment, student)
    if student is not None and not work:
        raise UsageError(f"There is no folder submitted/{student}/{assignment.name}.", "Look into submitted/.")
    todo = plan.make(course, assignment, manifest, work, force=force)
    if todo.waiting:
        before_judging()
    with show.progress(f"Grading {assignment.name}", len(work), quiet=quiet) as advance:
        graded = plan.carry_out(
            course,
            assignment,
            manifest,
            todo,
            processes=jobs or os.cpu_count() or 1,
            scheduler=scheduler,
            write=not dry_run,
            on_done=advance,
        )
    if not quiet:
        _say_what_changes(assignment, graded, changes_to, dry_run=dry_run)
    found = doubts([one.report for one in graded], manifest)
    if found:
        print(f"autograder: {show.plain_text(sentence(found, assignment.name)).plain}", file=sys.stderr)
    if not dry_run:
        _book(course, assignment, manifest, graded)
    return graded


def _say_what_changes(assignment: Assignment, graded: list[Graded], out: TextIO | None, *, dry_run: bool) -> None:
    """Who gains, who loses, and why: of those who had a result before."""
    again = [(one.before, one.report) for one in graded if one.before is not None]
    if not again:
        if dry_run:
            print(f"{assignment.name}: nobody who has a result would be graded again.", file=out)
        return
    lines = [line for old, new in again for line in regrade.differences(old, new)]
    gains = [regrade.gain(old, new) for old, new in again]
    up, down = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    will = "would gain" if dry_run else "gain"
    lines.append(
        f"{assignment.name}, graded again: {up} {will} points, {down} lose some, {len(again) - up - down} keep theirs."
    )
    for line in lines:
        print(show.plain_text(line).plain, file=out)


def _book(course: Course, assignment: Assignment, manifest: Manifest, graded: list[Graded]) -> None:
    """Books what the gradebook does not hold yet: what was judged now, and what an interrupted run left.

    What is withheld, or of a file that is another one by now, is not booked: what it replaced stays beside it (`journal.keep`)."""
    kept = [(one.job.path.parent, one.report) for one in graded if not one.judged]
    missing = gradebook.unbooked(course, assignment, kept) if kept else set()
    due = [one for one in graded if one.judged or one.report.student in missing]
    unbooked = {one.report.student for one in graded if one.report.status is Status.GRADER_ERROR}
    for first in range(0, len(due), BOOKED_AT_ONCE):
        part = due[first : first + BOOKED_AT_ONCE]
        opened = [plan.opened(course, manifest, one) for one in part]
        gradebook.record(course, [(done.submission, done.judgement) for done in opened if done is not None])
        unbooked |= {one.report.student for one, done in zip(part, opened, strict=True) if done is None}
    for one in graded:
        if one.report.student not in unbooked:
            journal.settle(journal.path_of(course, assignment.name, one.report.student))


def announce(course: Course, assignment: Assignment, reports: list[Report], *, show_table: bool) -> bool:
    """Prints the class; says loudly which grades are withheld and returns whether any is."""
    if show_table:
        late = standing.penalties(course, assignment, reports)
        show.console().print(show.class_table(f"{assignment.title} ({assignment.name})", reports, late))
    withheld = [report for report in reports if report.status is Status.GRADER_ERROR]
    for report in withheld:
        name = report.student or Path(report.notebook).name
        show.notes([f"the grade of {name} is WITHHELD: {report.reason}"])
    return bool(withheld)
