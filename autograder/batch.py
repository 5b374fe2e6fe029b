"""A class → judgements: plan, a pool of judges, a journal that survives being killed, and what has been judged before."""

from __future__ import annotations

import atexit
import dataclasses
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.errors import AutograderError, InfrastructureError
from autograder.judge import Judge, digest_of_folder, environment_digest, open_judge
from autograder.model import (
    NOT_SANDBOXED,
    Assignment,
    CellError,
    CheckResult,
    Course,
    Execution,
    Fingerprint,
    Judgement,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Status,
    Submission,
    TaskScore,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One notebook to judge.  `seed` picks one of the secret seeds by number; None leaves it to the submission's digest.  `only` is the
    one task that is asked for; empty for all."""

    path: Path
    student: str
    seed: int | None = None
    only: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    job: Job
    submission: Submission | NotGradable
    judgement: Judgement


# ── the plan ──────────────────────────────────────────────────────────────────────────────────────


def handed_in(course: Course, assignment: Assignment, student: str | None = None) -> list[Job]:
    """A job for every folder submitted/<student>/<assignment>, in the order of the students' names."""
    folder = course.root / "submitted"
    students = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    jobs = []
    for name in students:
        place = folder / name / assignment.name
        if place.is_dir() and student in {None, name}:
            linked = place.is_symlink() or (folder / name).is_symlink()  # to a classmate's folder, perhaps
            notebook_of = (
                folder / name / f"{assignment.name} is a link" if linked else _the_notebook(place, assignment.name)
            )
            jobs.append(Job(notebook_of, name))
    return jobs


def _the_notebook(folder: Path, assignment: str) -> Path:
    expected = folder / f"{assignment}.ipynb"
    others = sorted(path for path in folder.glob("*.ipynb"))
    return others[0] if not expected.exists() and len(others) == 1 else expected


# ── the pool ──────────────────────────────────────────────────────────────────────────────────────


def judge_all(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    hidden: bool,
    processes: int,
    other_seeds: tuple[int, ...] = (),
) -> Iterator[Done]:
    """Judges `jobs` and yields each as it is done, in no particular order.

    A fault of ours on one submission gives that submission a `grader_error` and the others their due; a fault that stops everything
    (no worker, a broken suite) is raised."""
    if processes <= 1 or len(jobs) == 1:
        with open_judge(course, assignment, manifest, hidden=hidden, other_seeds=other_seeds) as judge:
            for job in jobs:
                yield _judge_one(judge, course, manifest, job)
        return
    context = multiprocessing.get_context("spawn")
    settings = (course, assignment, manifest, hidden, other_seeds)
    with ProcessPoolExecutor(min(processes, len(jobs)), context, _open_in_process, settings) as pool:
        futures = {pool.submit(_judge_in_process, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                outcome = future.result()
                if isinstance(outcome, AutograderError):
                    raise outcome
                yield outcome
        except BrokenProcessPool as error:
            raise InfrastructureError(
                "A judge process was killed; what it had finished is kept.",
                "Run the command again: it goes on where it stopped.",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_state: dict[str, Any] = {}


def _open_in_process(
    course: Course, assignment: Assignment, manifest: Manifest, hidden: bool, other_seeds: tuple[int, ...]
) -> None:
    stack = ExitStack()
    atexit.register(stack.close)
    _state.update(course=course, manifest=manifest, error=None)
    try:
        judge = open_judge(course, assignment, manifest, hidden=hidden, other_seeds=other_seeds)
        _state["judge"] = stack.enter_context(judge)
    except AutograderError as error:
        _state["error"] = error


def _judge_in_process(job: Job) -> Done | AutograderError:
    error: AutograderError | None = _state["error"]
    return error or _judge_one(_state["judge"], _state["course"], _state["manifest"], job)


def _judge_one(judge: Judge, course: Course, manifest: Manifest, job: Job) -> Done:
    submission: Submission | NotGradable = NotGradable(job.path, manifest.assignment, job.student, "It was not read.")
    try:
        submission = notebook.read(job.path, manifest, job.student, course.limits)
        judgement = judge(submission, seed=job.seed, only=job.only)
    except Exception as error:  # ours, not the student's: the grade is withheld, loudly, and the class goes on
        reason = f"{type(error).__name__}: {error}"
        report = Report(
            notebook=str(job.path), assignment=manifest.assignment, student=job.student, status=Status.GRADER_ERROR,
            score=0.0, max_score=manifest.max_score, reason=reason[:2000], fingerprint=Fingerprint(submission.digest),
        )  # fmt: skip
        judgement = Judgement(report)
    return Done(job, submission, judgement)


# ── the journal ───────────────────────────────────────────────────────────────────────────────────


def result_path(course: Course, assignment: str, student: str) -> Path:
    return course.root / "results" / assignment / f"{student}.json"


def keep(course: Course, done: Done) -> None:
    """Writes one result and, beside it, what the cells printed; atomically, so that a killed run leaves whole files only."""
    report = done.judgement.report
    path = result_path(course, report.assignment, report.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    outputs = {str(index): found for index, found in done.judgement.outputs.items()}
    _write(path.with_suffix(".outputs"), json.dumps(outputs))
    _write(path, json.dumps([report.to_json()], indent=1, ensure_ascii=False))


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8", errors="replace")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise InfrastructureError(
            f"{path} cannot be written: {error.strerror}.", "Free some space and run it again."
        ) from error


def kept(course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job]) -> dict[Job, Done]:
    """The jobs that have been judged before with the same submission, checks and environment, and how they ended."""
    checks = digest_of_folder(courses.checks_dir(course, assignment.name))
    environment = environment_digest()
    found = {}
    for job in jobs:
        path = result_path(course, assignment.name, job.student)
        if not path.exists():
            continue
        submission = notebook.read(job.path, manifest, job.student, course.limits)
        report = load_report(path)
        if report is None or report.status is Status.GRADER_ERROR:
            continue
        if (report.execution.sandbox == NOT_SANDBOXED) != course.unsafe:
            continue
        if report.fingerprint == Fingerprint(submission.digest, checks, environment):
            outputs = json.loads(path.with_suffix(".outputs").read_text(encoding="utf-8"))
            found[job] = Done(job, submission, Judgement(report, {int(index): made for index, made in outputs.items()}))
    return found


def load_report(path: Path) -> Report | None:
    """The report in a result file, or None where the file is not one of ours."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))[0]
        data.pop("schema")
        execution = data["execution"]
        return Report(
            **{
                **data,
                "status": Status(data["status"]),
                "tasks": tuple(_task_score(task) for task in data["tasks"]),
                "execution": Execution(
                    **{**execution, "errors": tuple(CellError(**error) for error in execution["errors"])}
                ),
                "repairs": tuple(data["repairs"]),
                "flags": tuple(data["flags"]),
                "fingerprint": Fingerprint(**data["fingerprint"]),
            }
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def _task_score(data: dict[str, Any]) -> TaskScore:
    checks = tuple(CheckResult(**{**check, "outcome": Outcome(check["outcome"])}) for check in data["checks"])
    return TaskScore(**{**data, "checks": checks})


def grade(
    course: Course,
    assignment: Assignment,
    manifest: Manifest,
    jobs: list[Job],
    *,
    processes: int,
    force: bool = False,
    on_done: Callable[[Done], None] = lambda _: None,
) -> list[Done]:
    """Judges what has not been judged before, journals it at once, and returns everything in the order of `jobs`."""
    found = {} if force else kept(course, assignment, manifest, jobs)
    for done in found.values():
        on_done(done)
    waiting = [job for job in jobs if job not in found]
    if waiting:
        for done in judge_all(course, assignment, manifest, waiting, hidden=True, processes=processes):
            keep(course, done)
            found[done.job] = done
            on_done(done)
    return [found[job] for job in jobs]
