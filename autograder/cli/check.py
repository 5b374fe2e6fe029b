"""`autograder check NB…`: what the grader would say, for a student (visible tests) or for staff (`--hidden`)."""

from __future__ import annotations

import argparse
import difflib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder import course as courses
from autograder import fingerprint, models, notebook
from autograder.cli import show
from autograder.code.announced import sentence
from autograder.code.forbidden import called_tasks
from autograder.errors import InfrastructureError, UsageError
from autograder.journal import Done
from autograder.model import (
    Assignment,
    Course,
    Judgement,
    Kind,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Status,
    Submission,
    TaskScore,
    unjudged,
)
from autograder.notebook.announced import Announced
from autograder.notebook.known import announced, known, limits
from autograder.notebook.whose import student_of, whose
from autograder.pool import judge_all
from autograder.scoring import scored
from autograder.submitted import Job, notebook_in, notebooks


def run(options: argparse.Namespace) -> int:
    paths = [_meant(Path(name)) for name in options.notebooks]
    show.writable(options.json)
    if options.json is None and (missing := [path for path in paths if not path.exists()]):
        raise UsageError(f"There is no file {missing[0]}.", _notebooks_near(missing[0]))
    subject = _which(paths[0], options.assignment, hidden=options.hidden)
    assignment, manifest = subject.assignment, subject.manifest
    jobs = [Job(path, student_of(path)) for path in paths]
    done = _judged(subject.course, assignment, manifest, list(dict.fromkeys(jobs)), options)
    if not options.hidden:
        done = {job: _with_bans(one, subject) for job, one in done.items()}
    reports = [_plain(done[job], None if options.hidden else manifest) for job in jobs]
    show.write_json([done[job].judgement.report.to_json() for job in jobs], options.json)
    if options.json != "-" and not options.quiet:
        _print(subject, [(report, done[job].submission) for report, job in zip(reports, jobs, strict=True)], options)
    for report in reports:
        if report.status is Status.GRADER_ERROR:
            show.notes([f"{report.notebook}: the grade is withheld: {report.reason}"])
    if any(report.status is Status.GRADER_ERROR for report in reports):
        return 4
    full = all(report.status is Status.GRADED and report.score >= report.max_score for report in reports)
    return 0 if full or options.hidden or options.json else 1


def _meant(path: Path) -> Path:
    """The file at `path`: of a folder the notebook in it, and of a name that is missing the file that differs from it only in what
    systems do to names (`.IPYNB`, `.ipynb.txt`)."""
    if path.is_dir() and not path.is_symlink():
        there = notebooks(path)
        found = there[0] if len(there) == 1 else notebook_in(path, path.resolve().name)
        if not found.exists() and (student_of(found) or not there):
            raise UsageError(f"{path} is a folder.", notebook.missing(found, found.name))
        if not found.exists():
            raise UsageError(f"{path} is a folder.", f"Name one of {', '.join(one.name for one in there[:5])}.")
        return found
    if path.exists() or path.is_symlink() or path.suffix.casefold() != ".ipynb":
        return path
    same = [other for other in notebooks(path.parent) if other.name.casefold().startswith(path.name.casefold())]
    return same[0] if len(same) == 1 else path


def _judged(
    course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job], options: argparse.Namespace
) -> dict[Job, Done]:
    done = {} if options.hidden else _unreadable(course, assignment, manifest, jobs)
    left = [job for job in jobs if job not in done]
    if not left:
        return done
    _can_run(manifest)
    processes = options.jobs or min(os.cpu_count() or 1, 1 + len(left) // 4)
    quiet, alone = options.quiet, len(left) == 1
    saying = show.waiting(f"Running {left[0].path.name} from a fresh start", quiet=quiet or not alone)
    with saying, show.progress("Checking", len(left), quiet=quiet or alone) as advance:
        for one in judge_all(course, assignment, manifest, left, hidden=options.hidden, processes=processes):
            done[one.job] = one
            advance(one)
    return done


def _can_run(manifest: Manifest) -> None:
    """Raises what is plainer than what would come of it in the middle of the run."""
    if os.name == "nt":
        raise UsageError(
            "On Windows a notebook cannot be run as the grader runs it.", "Use WSL, or %check inside the notebook."
        )
    offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}
    missing = [name for name in manifest.models if offline and name in models.REGISTRY and models.status(name) is None]
    if missing:
        raise InfrastructureError(f"{', '.join(missing)} is not in the Hugging Face cache.", "Run: autograder models")


def _unreadable(course: Course, assignment: Assignment, manifest: Manifest, jobs: list[Job]) -> dict[Job, Done]:
    """The notebooks that nothing can be run of, and why: told at once, before models are loaded."""
    environment = fingerprint.environment(course, assignment)
    done = {}
    for job in jobs:
        found = notebook.read(job.path, manifest, job.student, course.limits)
        if isinstance(found, NotGradable):
            report = unjudged(found, Status.NOT_GRADABLE, manifest.max_score, found.reason, environment=environment)
            done[job] = Done(job, found, Judgement(report))
    return done


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────


def _print(
    subject: _Subject, checked: list[tuple[Report, Submission | NotGradable]], options: argparse.Namespace
) -> None:
    screen = show.console()
    if len(checked) > 3:
        named = [replace(report, student=report.student or Path(report.notebook).name) for report, _ in checked]
        screen.print(show.class_table(subject.assignment.title, named))
    else:
        for report, submission in checked:
            if report.status is not Status.GRADED:
                screen.print(show.plain_text(f"{report.notebook}: {report.reason}"))
                continue
            screen.print(show.report_table(report, visible_only=not options.hidden))
            for note in _notes(report, submission):
                screen.print(show.plain_text(note))
            if not options.hidden:
                passed = sum(show.task_symbol(task) == "✓" for task in report.tasks)
                screen.print(f"\n{passed} of {len(report.tasks)} tasks pass their visible test.", markup=False)
    graded = [report for report, _ in checked if report.status is Status.GRADED]
    if graded and not options.hidden:
        screen.print(
            "These are the visible tests only. The grade comes from more tests, on other inputs.", markup=False
        )
        _print_topics(screen, graded, subject.announced)


def _print_topics(screen: Console, reports: list[Report], announced: dict[str, Announced]) -> None:
    """What the hidden tests also look at, a line for each task that passes its visible test somewhere."""
    passed = {task.id: None for report in reports for task in report.tasks if show.task_symbol(task) == "✓"}
    told = {task: announced[task].topics for task in passed if task in announced and announced[task].topics}
    if not told:
        return
    table = Table(
        title="Also graded:", title_justify="left", title_style="", box=None, show_header=False, padding=(0, 2, 0, 0)
    )
    for task, topics in told.items():
        show.row(table, f"  {task}", ", ".join(topics))
    screen.print(table)


def _notes(report: Report, submission: Submission | NotGradable) -> list[str]:
    """What there is to say besides the tasks: cells that stopped, repairs."""
    sources = {cell.index: cell.source for cell in submission.cells} if isinstance(submission, Submission) else {}
    told = {cell.index for cell in submission.cells if cell.task} if isinstance(submission, Submission) else set()
    notes = []
    for error in report.execution.errors:
        if error.cell in told:  # its task's row says it
            continue
        lines = [line.strip() for line in sources.get(error.cell, "").splitlines() if line.strip()]
        begins = f", which begins `{lines[0][:60]}`," if lines else ""
        notes.append(f"Cell {error.cell + 1}{begins} stopped: {error.type}: {error.message}")
    notes += [f"Repaired before running: {repair}" for repair in report.repairs]
    return [f"\n{notes[0]}", *notes[1:]] if notes else []


def _plain(done: Done, manifest: Manifest | None) -> Report:
    """The report; with `manifest`, a task that calls others that do not pass says so.  The hidden checks settle it by themselves."""
    report, submission = done.judgement.report, done.submission
    if manifest is None or not isinstance(submission, Submission):
        return report
    functions = {task.id: task.function for task in manifest.tasks}
    wrong = {functions[task.id] for task in report.tasks if show.task_symbol(task) != "✓"}
    return replace(
        report, tasks=tuple(_leaning(task, functions[task.id], submission.code, wrong) for task in report.tasks)
    )


def _leaning(task: TaskScore, function: str, code: list[str], wrong: set[str]) -> TaskScore:
    """`task`, with a note where it does not pass and calls functions in `wrong`: the mistake may be theirs."""
    if show.task_symbol(task) == "✓" or not (called := called_tasks(code, function, wrong)):
        return task
    names = ", ".join(f"`{name}`" for name in called)
    return replace(
        task, note=f"It calls {names}, which {'does' if len(called) == 1 else 'do'} not pass yet: look there first."
    )


def _with_bans(done: Done, subject: _Subject) -> Done:
    """The result, in which a task has no tick whose answer uses what the release says is forbidden: hidden checks would give it nothing."""
    submission, report = done.submission, done.judgement.report
    if not isinstance(submission, Submission):
        return done
    functions = {task.id: task.function for task in subject.manifest.tasks}
    tasks = []
    for task in report.tasks:
        announced = subject.announced.get(task.id, Announced())
        attempted = any(check.outcome is not Outcome.NOT_ATTEMPTED for check in task.checks)
        said = sentence(submission.code, functions[task.id], announced, functions.values()) if attempted else ""
        tasks.append(_banned(task, f"It {said}") if said else task)
    score = round(sum(task.score for task in tasks), 2)
    return replace(done, judgement=replace(done.judgement, report=replace(report, tasks=tuple(tasks), score=score)))


def _banned(task: TaskScore, message: str) -> TaskScore:
    checks = (
        replace(check, outcome=Outcome.BANNED, kind=Kind.BANNED, message=message, hint="", form="")
        for check in task.checks
    )
    return scored(replace(task, checks=tuple(checks)))


# ── which assignment ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a notebook is checked against.  `announced` is what its release tells of the hidden suite, by task."""

    course: Course
    assignment: Assignment
    manifest: Manifest
    announced: dict[str, Announced]


def _which(path: Path, name: str | None, *, hidden: bool) -> _Subject:
    """The assignment that a notebook belongs to: from the course's source, or from the releases that are known here."""
    root = courses.find_root()
    course = courses.load() if root is not None else None
    if course is not None and (course.root / "source").is_dir():
        return _in_the_course(course, path, name)
    if hidden:
        raise UsageError(
            "There are no hidden checks here.", "Leave out --hidden, or run this in the instructors' repository."
        )
    manifest, folder = _released(path, name)
    assignment = Assignment(manifest.assignment, manifest.title, models=manifest.models)
    place = (folder or path.parent).resolve()
    course = Course("course", "", (assignment,), limits=limits(), required_layers=(), root=place)
    return _Subject(course, assignment, manifest, announced(manifest.assignment, folder))


def _in_the_course(course: Course, path: Path, name: str | None) -> _Subject:
    from autograder.release import source_manifest

    if name is None:
        written = [one for one in courses.pick(course, []) if courses.source_notebook(course, one.name).is_file()]
        manifest = whose(path, [source_manifest(course, one) for one in written], course.limits)
        if manifest is None:
            names = ", ".join(one.name for one in course.assignments)
            raise UsageError(f"Which assignment is {path}?", f"Say it with --assignment: {names}.")
        name = manifest.assignment
    (assignment,) = courses.pick(course, [name])
    told = announced(name, courses.release_dir(course, name))
    return _Subject(course, assignment, source_manifest(course, assignment), told)


def _released(path: Path, name: str | None) -> tuple[Manifest, Path | None]:
    """The release that a student's notebook belongs to, and its folder."""
    releases = known(path.parent)
    if not releases:
        raise UsageError(
            f"There is no manifest.json beside {path}.", "Keep the notebook in the folder that it came in."
        )
    if name is not None:
        if Path(name).name not in releases:
            raise UsageError(f"There is no assignment {name!r} here.", f"There is: {', '.join(releases)}.")
        return releases[Path(name).name]
    near = list(releases.values())
    found = whose(path, [manifest for manifest, _ in near], limits()) or near[0][0]
    return releases[found.assignment]


def _notebooks_near(path: Path) -> str:
    """Where the notebook of that name is, in a sentence; else where to look."""
    found = sorted([*Path().glob("*.ipynb"), *Path().glob("*/*.ipynb")])
    close = difflib.get_close_matches(path.name, [other.name for other in found], 1)
    same = [other for other in found if other.name in {path.name, *close}] or found
    return (
        f"There is {', '.join(map(str, same[:5]))}."
        if same
        else "Run it where the notebook is, or name its folder too."
    )
