"""`autograder check NB…`: what the grader would say, for a student (visible tests) or for staff (`--hidden`)."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from autograder import course as courses
from autograder import notebook
from autograder.batch import Done, Job, judge_all
from autograder.cli import show
from autograder.errors import UsageError
from autograder.model import Assignment, Course, Manifest, Status
from autograder.release import source_manifest


def run(options: argparse.Namespace) -> int:
    paths = [Path(name) for name in options.notebooks]
    show.writable(options.json)
    if options.json is None and (missing := [path for path in paths if not path.exists()]):
        raise UsageError(f"There is no file {missing[0]}.")
    course, assignment, manifest = _which(paths[0], options.assignment, hidden=options.hidden)
    jobs = [Job(path, _student(path)) for path in paths]
    distinct = list(dict.fromkeys(jobs))
    processes = options.jobs or min(os.cpu_count() or 1, 1 + len(distinct) // 4)
    done: dict[Job, Done] = {}
    with show.progress("Checking", len(distinct), quiet=options.quiet or len(jobs) == 1) as advance:
        for one in judge_all(course, assignment, manifest, distinct, hidden=options.hidden, processes=processes):
            done[one.job] = one
            advance(one)
    reports = [done[job].judgement.report for job in jobs]
    show.write_json([report.to_json() for report in reports], options.json)
    if options.json != "-" and not options.quiet:
        screen = show.console()
        for report in reports if len(reports) <= 3 else []:
            if report.status is not Status.GRADED:
                screen.print(f"{report.notebook}: {report.reason}", markup=False)
                continue
            screen.print(show.report_table(report))
        if len(reports) > 3:
            named = [replace(report, student=report.student or Path(report.notebook).name) for report in reports]
            screen.print(show.class_table(assignment.title, named))
        if not options.hidden:
            screen.print(
                "\nThese are the visible tests only. The grade comes from more tests, on other inputs.", markup=False
            )
    for report in reports:
        if report.status is Status.GRADER_ERROR:
            print(f"autograder: {report.notebook}: the grade is withheld: {report.reason}", file=sys.stderr)
    if any(report.status is Status.GRADER_ERROR for report in reports):
        return 4
    full = all(report.status is Status.GRADED and report.score >= report.max_score for report in reports)
    return 0 if full or options.hidden or options.json else 1


def _which(path: Path, name: str | None, *, hidden: bool) -> tuple[Course, Assignment, Manifest]:
    """The assignment that a notebook belongs to: from the course's source, or from the manifest beside the notebook."""
    root = courses.find_root()
    course = courses.load() if root is not None else None
    beside = path.parent / "manifest.json"
    if course is not None and (course.root / "source").is_dir():
        wanted = name or _guess(course, path)
        assignment = courses.pick(course, [wanted])[0]
        return course, assignment, source_manifest(course, assignment)
    if hidden:
        raise UsageError(
            "There are no hidden checks here.", "Leave out --hidden, or run this in the instructors' repository."
        )
    if name is not None and not beside.exists():
        beside = Path(name) / "manifest.json"
    if not beside.exists():
        raise UsageError(
            f"There is no manifest.json beside {path}.", "Keep the notebook in the folder that it came in."
        )
    manifest = notebook.load_manifest(beside)
    assignment = Assignment(manifest.assignment, manifest.title, models=manifest.models)
    alone = Course(name="course", title="", assignments=(assignment,), required_layers=(), root=beside.parent.resolve())
    return alone, assignment, manifest


def _guess(course: Course, path: Path) -> str:
    known = [assignment.name for assignment in course.assignments]
    for part in (path.stem, *(parent.name for parent in path.resolve().parents)):
        if part in known:
            return part
    fitting = [name for name in known if name in path.stem]
    if len(fitting) == 1:
        return fitting[0]
    raise UsageError(f"Which assignment is {path}?", f"Say it with --assignment: {', '.join(known)}.")


def _student(path: Path) -> str:
    """The student of a notebook in submitted/<student>/<assignment>/, else an empty string."""
    parts = path.resolve().parts
    return parts[-3] if len(parts) > 3 and parts[-4] == "submitted" else ""
