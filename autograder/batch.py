"""A class → judgements: what has been judged before, and the rest by the pool or a cluster."""

from __future__ import annotations

from collections.abc import Callable

from autograder import cluster, journal, notebook, pool
from autograder import course as courses
from autograder.journal import Done
from autograder.judge import digest_of_folder, environment_digest
from autograder.model import NOT_SANDBOXED, Assignment, Course, Fingerprint, Judgement, Manifest, Status
from autograder.submitted import Job


def kept(course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job]) -> dict[Job, Done]:
    """The jobs that have been judged before with the same submission, checks and environment, and how they ended."""
    checks = digest_of_folder(courses.checks_dir(course, assignment.name))
    environment = environment_digest()
    found = {}
    for job in jobs:
        path = journal.path_of(course, assignment.name, job.student)
        if not path.exists():
            continue
        submission = notebook.read(job.path, manifest, job.student, course.limits)
        report = journal.load(path)
        if report is None or report.status is Status.GRADER_ERROR:
            continue
        if (report.execution.sandbox == NOT_SANDBOXED) != course.unsafe:
            continue
        if report.fingerprint == Fingerprint(submission.digest, checks, environment):
            found[job] = Done(job, submission, Judgement(report, journal.outputs(path)))
    return found


def grade(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    processes: int,
    scheduler: str = "",
    force: bool = False,
    on_done: Callable[[Done], None] = lambda _: None,
) -> list[Done]:
    """Judges what has not been judged before, journals it at once, and returns everything in the order of `jobs`.

    `scheduler` is the address of a Dask scheduler whose workers judge; without it `processes` of this machine do."""
    found = {} if force else kept(course, assignment, manifest, jobs)
    for done in found.values():
        on_done(done)
    waiting = [job for job in jobs if job not in found]
    if waiting:
        judged = (
            cluster.judge_all(course, assignment, manifest, waiting, scheduler=scheduler)
            if scheduler
            else pool.judge_all(course, assignment, manifest, waiting, hidden=True, processes=processes)
        )
        for done in judged:
            journal.keep(course, done)
            found[done.job] = done
            on_done(done)
    return [found[job] for job in jobs]
