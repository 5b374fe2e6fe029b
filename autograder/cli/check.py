"""`autograder check NB…`: what the grader would say, for a student (visible tests) or for staff (`--hidden`)."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from autograder import course as courses
from autograder import fingerprint, models, notebook
from autograder.cli import show
from autograder.code.forbidden import called_tasks
from autograder.errors import InfrastructureError, UsageError
from autograder.journal import Done
from autograder.model import (
    Assignment,
    Course,
    Judgement,
    Manifest,
    NotGradable,
    Report,
    Status,
    Submission,
    TaskScore,
    unjudged,
)
from autograder.notebook.known import known, limits
from autograder.pool import judge_all
from autograder.submitted import Job


def run(options: argparse.Namespace) -> int:
    paths = [Path(name) for name in options.notebooks]
    show.writable(options.json)
    if options.json is None and (missing := [path for path in paths if not path.exists()]):
        raise UsageError(f"There is no file {missing[0]}.", _notebooks_near(missing[0]))
    course, assignment, manifest = _which(paths[0], options.assignment, hidden=options.hidden)
    jobs = [Job(path, _student(path)) for path in paths]
    done = _judged(course, assignment, manifest, list(dict.fromkeys(jobs)), options)
    reports = [_plain(done[job], None if options.hidden else manifest) for job in jobs]
    show.write_json([done[job].judgement.report.to_json() for job in jobs], options.json)
    if options.json != "-" and not options.quiet:
        _print(assignment, [(report, done[job].submission) for report, job in zip(reports, jobs, strict=True)], options)
    for report in reports:
        if report.status is Status.GRADER_ERROR:
            print(f"autograder: {report.notebook}: the grade is withheld: {report.reason}", file=sys.stderr)
    if any(report.status is Status.GRADER_ERROR for report in reports):
        return 4
    full = all(report.status is Status.GRADED and report.score >= report.max_score for report in reports)
    return 0 if full or options.hidden or options.json else 1


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
    assignment: Assignment, checked: list[tuple[Report, Submission | NotGradable]], options: argparse.Namespace
) -> None:
    screen = show.console()
    if len(checked) > 3:
        named = [replace(report, student=report.student or Path(report.notebook).name) for report, _ in checked]
        screen.print(show.class_table(assignment.title, named))
    else:
        for report, submission in checked:
            if report.status is not Status.GRADED:
                screen.print(f"{report.notebook}: {report.reason}", markup=False)
                continue
            screen.print(show.report_table(report, visible_only=not options.hidden))
            for note in _notes(report, submission):
                screen.print(show.plain_text(note))
            if not options.hidden:
                passed = sum(show.task_symbol(task) == "✓" for task in report.tasks)
                screen.print(f"\n{passed} of {len(report.tasks)} tasks pass their visible test.", markup=False)
    if not options.hidden and any(report.status is Status.GRADED for report, _ in checked):
        screen.print(
            "These are the visible tests only. The grade comes from more tests, on other inputs.", markup=False
        )


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
    notes += [f"Mended before it ran: {repair}" for repair in report.repairs]
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


# ── which assignment ──────────────────────────────────────────────────────────────────────────────


def _which(path: Path, name: str | None, *, hidden: bool) -> tuple[Course, Assignment, Manifest]:
    """The assignment that a notebook belongs to: from the course's source, or from the releases that are known here."""
    root = courses.find_root()
    course = courses.load() if root is not None else None
    if course is not None and (course.root / "source").is_dir():
        from autograder.release import source_manifest

        wanted = name or _guess(course, path)
        assignment = courses.pick(course, [wanted])[0]
        return course, assignment, source_manifest(course, assignment)
    if hidden:
        raise UsageError(
            "There are no hidden checks here.", "Leave out --hidden, or run this in the instructors' repository."
        )
    manifest, folder = _released(path, name)
    assignment = Assignment(manifest.assignment, manifest.title, models=manifest.models)
    place = (folder or path.parent).resolve()
    course = Course("course", "", (assignment,), limits=limits(), required_layers=(), root=place)
    return course, assignment, manifest


def _released(path: Path, name: str | None) -> tuple[Manifest, Path | None]:
    """The release that a student's notebook belongs to, and its folder: by its content, and where that says nothing by its name."""
    releases = {**known(Path.cwd()), **known(path.parent)}
    if not releases:
        raise UsageError(
            f"There is no manifest.json beside {path}.", "Keep the notebook in the folder that it came in."
        )
    if name is not None:
        if Path(name).name not in releases:
            raise UsageError(f"There is no assignment {name!r} here.", f"There is: {', '.join(releases)}.")
        return releases[Path(name).name]
    near = [*known(path.parent).values(), *releases.values()]
    likely = sorted(near, key=lambda one: (one[0].assignment != path.stem, one[0].assignment not in path.stem))
    fitting = (one for one in likely if isinstance(notebook.read(path, one[0], "", limits()), Submission))
    return next(fitting, likely[0])


def _guess(course: Course, path: Path) -> str:
    known_names = [assignment.name for assignment in course.assignments]
    for part in (path.stem, *(parent.name for parent in path.resolve().parents)):
        if part in known_names:
            return part
    fitting = [name for name in known_names if name in path.stem]
    if len(fitting) == 1:
        return fitting[0]
    raise UsageError(f"Which assignment is {path}?", f"Say it with --assignment: {', '.join(known_names)}.")


def _notebooks_near(path: Path) -> str:
    """Where the notebook of that name is, in a sentence; else where to look."""
    found = sorted([*Path().glob("*.ipynb"), *Path().glob("*/*.ipynb")])
    same = [other for other in found if other.name == path.name] or found
    return (
        f"There is {', '.join(map(str, same[:5]))}."
        if same
        else "Run it where the notebook is, or name its folder too."
    )


def _student(path: Path) -> str:
    """The student of a notebook in submitted/<student>/<assignment>/, else an empty string."""
    parts = path.resolve().parts
    return parts[-3] if len(parts) > 3 and parts[-4] == "submitted" else ""
