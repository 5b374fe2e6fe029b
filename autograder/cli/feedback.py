"""`autograder feedback`: a page for everyone who has been graded."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import files, journal, notebook, policy, submitted
from autograder.errors import InfrastructureError, UsageError
from autograder.journal import Done
from autograder.model import Assignment, Course, Judgement, Manifest, NotGradable, Submission
from autograder.notebook.timestamp import handed_in_at
from autograder.report.feedback import feedback_page
from autograder.submitted import Job


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    written = []
    for assignment in courses.pick(course, options.assignments):
        results = sorted(journal.path_of(course, assignment.name, "any").parent.glob("*.json"))
        if results:
            manifest = notebook.load_manifest(courses.manifest_path(course, assignment.name))
            written += write_pages(course, assignment, manifest, _kept(course, assignment, manifest, results))
    if not written:
        names = " ".join(options.assignments)
        raise UsageError("Nothing has been graded yet.", f"Run: autograder grade {names}".rstrip())
    if not options.quiet:
        print(f"{len(written)} pages in {course.root / 'feedback'}")
    return 0


def write_pages(course: Course, assignment: Assignment, manifest: Manifest, dones: list[Done]) -> list[Path]:
    """Writes feedback/<student>/<assignment>/<assignment>.html for each of `dones` and returns where."""
    paths = []
    for done in dones:
        path = course.root / "feedback" / done.judgement.report.student / assignment.name / f"{assignment.name}.html"
        page = feedback_page(
            done.judgement,
            done.submission,
            manifest,
            course_title=course.title,
            late=_late(course, assignment, done),
        )
        paths.append(files.write(path, page))
    return paths


def _late(course: Course, assignment: Assignment, done: Done) -> tuple[str, ...]:
    report = done.judgement.report
    found = policy.lateness(course, assignment, report.student, handed_in_at(done.job.path.parent))
    return policy.why(policy.rule(course, assignment), found, report.score)


def _kept(course: Course, assignment: Assignment, manifest: Manifest, results: list[Path]) -> list[Done]:
    """What the journal holds, with the notebooks that were graded; of one that has been replaced since, what was said."""
    jobs = {job.student: job for job in submitted.handed_in(course, assignment)}
    dones = []
    for path in results:
        report = journal.load(path)
        if report is None:
            raise InfrastructureError(f"{path} is not a result.", f"Run: autograder grade {assignment.name} --force")
        job = jobs.get(report.student) or Job(Path(report.notebook), report.student)
        submission: Submission | NotGradable = notebook.read(job.path, manifest, job.student, course.limits)
        if submission.digest != report.fingerprint.submission:
            replaced = "Another file has been handed in since: this page is about the one before."
            submission = NotGradable(job.path, assignment.name, job.student, replaced)
        dones.append(Done(job, submission, Judgement(report, journal.outputs(path))))
    return dones
