"""`autograder feedback`: a page for everyone who has been graded."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder import course as courses
from autograder import files, journal, notebook, policy, submitted
from autograder.cli import show
from autograder.errors import InfrastructureError, UsageError
from autograder.journal import Done
from autograder.model import Assignment, Course, Judgement, Manifest, NotGradable, Submission
from autograder.notebook.timestamp import handed_in_at
from autograder.report.feedback import feedback_page
from autograder.submitted import Job


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    written = []
    data = []
    for assignment in courses.pick(course, options.assignments):
        results = sorted(journal.path_of(course, assignment.name, "any").parent.glob("*.json"))
        if results:
            manifest = notebook.load_manifest(courses.manifest_path(course, assignment.name))
            dones = _kept(course, assignment, manifest, results)
            pages = write_pages(course, assignment, manifest, dones, quiet=options.quiet)
            written += pages
            data += [
                {"assignment": assignment.name, "student": done.judgement.report.student, "page": str(page)}
                for done, page in zip(dones, pages, strict=True)
            ]
    if not written:
        names = " ".join(options.assignments)
        raise UsageError("Nothing has been graded yet.", f"Run: autograder grade {names}".rstrip())
    show.write_json(data, options.json)
    if not options.quiet and options.json != "-":
        print(f"{len(written)} pages in {course.root / 'feedback'}")
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
