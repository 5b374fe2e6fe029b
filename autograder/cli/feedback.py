"""`autograder feedback`: a page for everyone who has been graded."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import files, journal, notebook, plan, policy, submitted
from autograder.cli import show
from autograder.journal import Done
from autograder.model import Assignment, Course, Judgement, Manifest, NotGradable, Report
from autograder.plan import Graded
from autograder.report import standing
from autograder.report.feedback import feedback_page
from autograder.submitted import Job
from autograder.words import plural


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    written = []
    data = []
    chosen = courses.pick(course, options.assignments)
    if not options.quiet:
        show.notes(standing.undated(course, chosen))
    for assignment in chosen:
        if reports := journal.reports(course, assignment.name):
            manifest = notebook.load_manifest(courses.manifest_path(course, assignment.name))
            dones = _kept(course, assignment, manifest, reports)
            pages = write_pages(course, assignment, manifest, dones, quiet=options.quiet)
            written += pages
            data += [
                {"assignment": assignment.name, "student": done.judgement.report.student, "page": str(page)}
                for done, page in zip(dones, pages, strict=True)
            ]
    if not written:
        raise journal.nothing_graded(options.assignments)
    show.write_json(data, options.json)
    if not options.quiet and options.json != "-":
        print(f"{plural(len(written), 'page')} in {course.root / 'feedback'}")
    return 0


def write_pages(
    course: Course, assignment: Assignment, manifest: Manifest, dones: list[Done], *, quiet: bool
) -> list[Path]:
    """Writes feedback/<student>/<assignment>/<assignment>.html for each of `dones` and returns where."""
    paths = []
    with show.progress(f"Pages for {assignment.name}", len(dones), quiet=quiet, told=True) as advance:
        for done in dones:
            student = done.judgement.report.student
            path = course.root / "feedback" / student / assignment.name / f"{assignment.name}.html"
            page = feedback_page(
                done.judgement,
                done.submission,
                manifest,
                course_title=course.title,
                late=_late(course, assignment, done),
            )
            paths.append(files.write(path, page))
            advance(done)
    return paths


def _late(course: Course, assignment: Assignment, done: Done) -> tuple[str, ...]:
    report = done.judgement.report
    found = standing.lateness(course, assignment, report.student)
    return policy.why(policy.rule(course, assignment), found, report.score)


def _kept(course: Course, assignment: Assignment, manifest: Manifest, reports: list[Report]) -> list[Done]:
    """What the journal holds, with the notebooks that were graded; of one that has been replaced since, what was said."""
    jobs = {job.student: job for job in submitted.handed_in(course, assignment)}
    dones = []
    for report in reports:
        student = report.student
        job = jobs.get(student) or Job(Path(report.notebook), student)
        done = plan.opened(course, manifest, Graded(job, report))
        if done is None:
            replaced = "Another file has been handed in since: this page is about the one before."
            outputs = journal.outputs(journal.path_of(course, assignment.name, student))
            done = Done(job, NotGradable(job.path, assignment.name, student, replaced), Judgement(report, outputs))
        dones.append(done)
    return dones
