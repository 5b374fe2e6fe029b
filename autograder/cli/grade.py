"""`autograder grade`: judges the class, journals every result, books them all."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path

from autograder import batch, gradebook, notebook, sandbox, submitted
from autograder import course as courses
from autograder.cli import show
from autograder.errors import UsageError
from autograder.journal import Done
from autograder.model import Assignment, Course, Manifest, Report, Status
from autograder.release import source_manifest


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    if options.unsafe:
        course = dataclasses.replace(course, unsafe=True, required_layers=())
        print("autograder: not sandboxed, as you asked: every result of this run says so.", file=sys.stderr)
    elif not options.scheduler:  # nodes try theirs
        sandbox.require(course.required_layers, course.limits)
    withheld = False
    data = []
    for assignment in courses.pick(course, options.assignments):
        done = grade(
            course,
            assignment,
            student=options.student,
            jobs=options.jobs,
            scheduler=options.scheduler,
            force=options.force,
            quiet=options.quiet,
        )
        reports = [one.judgement.report for one in done]
        if not reports and not options.quiet:
            print(f"Nobody has handed in {assignment.name}: submitted/*/{assignment.name} is empty.", file=sys.stderr)
        data += [report.to_json() for report in reports]
        withheld |= announce(
            assignment, reports, show_table=bool(reports) and not options.quiet and options.json != "-"
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
) -> list[Done]:
    """Judges and books what was handed in for one assignment."""
    manifest = released(course, assignment)
    work = submitted.handed_in(course, assignment, student)
    if student is not None and not work:
        raise UsageError(f"There is no folder submitted/{student}/{assignment.name}.", "Look into submitted/.")
    with show.progress(f"Grading {assignment.name}", len(work), quiet=quiet) as advance:
        done = batch.grade(
            course,
            assignment,
            manifest,
            work,
            processes=jobs or os.cpu_count() or 1,
            scheduler=scheduler,
            force=force,
            on_done=advance,
        )
    if done:
        gradebook.record(course, [(one.submission, one.judgement) for one in done])
    return done


def released(course: Course, assignment: Assignment) -> Manifest:
    """The manifest of the release, which must be the one that the source gives today."""
    path = courses.manifest_path(course, assignment.name)
    remedy = f"Run: autograder release {assignment.name}"
    if not path.exists():
        raise UsageError(f"{assignment.name} has not been released.", remedy)
    manifest = notebook.load_manifest(path)
    if manifest != source_manifest(course, assignment):
        raise UsageError(f"The release of {assignment.name} is older than its source.", remedy)
    return manifest


def announce(assignment: Assignment, reports: list[Report], *, show_table: bool) -> bool:
    """Prints the class; says loudly which grades are withheld and returns whether any is."""
    if show_table:
        show.console().print(show.class_table(f"{assignment.title} ({assignment.name})", reports))
    withheld = [report for report in reports if report.status is Status.GRADER_ERROR]
    for report in withheld:
        name = report.student or Path(report.notebook).name
        print(f"autograder: the grade of {name} is WITHHELD: {report.reason}", file=sys.stderr)
    return bool(withheld)
