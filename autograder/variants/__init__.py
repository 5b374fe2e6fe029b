"""Answers whose worth is known: notebooks made from the solution and the variants, and what becomes of them."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.code.announced import sentence
from autograder.draws import SEEDS
from autograder.errors import AuthoringError, UsageError
from autograder.journal import Done
from autograder.model import (
    MISTAKES,
    Assignment,
    Course,
    Manifest,
    Outcome,
    Status,
    Submission,
    TaskScore,
)
from autograder.notebook.announced import Announced
from autograder.notebook.known import announced
from autograder.notebook.roles import TEST_SUFFIX
from autograder.pool import judge_all
from autograder.release import load_source
from autograder.release.source import agree, cell_place, check_places
from autograder.submitted import Job
from autograder.variants.matrix import FORM_SHARE, KINDS, SOLUTION, STUB, Failed, Matrix, Row, Variant, Verdict

__all__ = [
    "FORM_SHARE",
    "SOLUTION",
    "STUB",
    "Failed",
    "Matrix",
    "Row",
    "Variant",
    "Verdict",
    "answers",
    "notebook_of",
    "stubs",
    "validate",
    "variants",
    "written",
]

# ── notebooks ─────────────────────────────────────────────────────────────────────────────────────


def variants(course: Course, assignment: str) -> list[Variant]:
    """The solution, the stub and every file under variants/, in a stable order."""
    folder = courses.variants_dir(course, assignment)
    found = [Variant(SOLUTION, SOLUTION), Variant(STUB, STUB)]
    for kind in KINDS[2:]:
        for path in sorted((folder / kind).glob("*/*.py")):
            task = path.parent.name
            found.append(
                Variant(f"{kind}/{task}/{path.stem}", kind, task, path.read_text(encoding="utf-8").rstrip("\n"))
            )
    return found


def notebook_of(solution: dict[str, Any], answers: dict[str, str]) -> dict[str, Any]:
    """The solution notebook with the answer cells of some tasks (task id → source) replaced."""
    nb = copy.deepcopy(solution)
    missing = set(answers)
    for cell in nb["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
            missing.discard(grade_id)
    if missing:
        raise AuthoringError(
            f"There is no task {', '.join(sorted(missing))} in the notebook, but there are variants of it."
        )
    return nb


def answers(nb: dict[str, Any], manifest: Manifest) -> dict[str, str]:
    """Task id → the source of its answer cell in a notebook."""
    ids = {task.id for task in manifest.tasks}
    cells = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), notebook.source_of(cell)) for cell in nb["cells"])
    return {grade_id: source for grade_id, source in cells if grade_id in ids}


def stubs(manifest: Manifest) -> dict[str, str]:
    """Task id → the source of its released answer cell."""
    return {cell.task: cell.source for cell in manifest.cells if cell.task and cell.grade_id == cell.task}


# ── the matrix ────────────────────────────────────────────────────────────────────────────────────


def validate(
    course: Course,
    assignment: Assignment,
    *,
    processes: int,
    quick: bool = False,
    task: str = "",
    sets: tuple[tuple[int, ...], ...] = (),
    on_done: Callable[[Done], None] = lambda _: None,
) -> Matrix:
    """Judges every variant (of one `task`, if it is named) as a class is judged, and says what is not as it should be.

    By default a mistake is judged as a whole, to see that it costs its own task only, and on its own task with each of the course's secret
    seeds alone, to see that each notices it.  With `sets` of seeds, which stand in for the course's own, every variant is judged on its own
    task with each set: to see whether a verdict leans on the luck of the draw.  `quick` judges each on its own task, with the first set."""
    manifest = agree(course, assignment)
    if task and task not in {one.id for one in manifest.tasks}:
        known = ", ".join(one.id for one in manifest.tasks)
        raise UsageError(f"{assignment.name} has no task {task!r}.", f"It has {known}.")
    told = announced(assignment.name, courses.release_dir(course, assignment.name))
    verdicts = []
    with written(course, assignment, manifest) as paths:
        asked_for = [(variant, path) for variant, path in paths if not task or variant.task in {"", task}]
        for group, seeds in enumerate(sets[:1] if quick else sets or ((),)):
            jobs: dict[Job, Variant] = {}
            for variant, path in asked_for:
                own = (variant.task,) if variant.task else ()  # the solution and the stub have no task of their own
                jobs[Job(path, variant.name, None, own if quick or sets else ())] = variant
                if not (quick or sets) and variant.kind in {"wrong", "form"}:
                    jobs |= {Job(path, variant.name, seed, own): variant for seed in range(SEEDS)}
            found = judge_all(
                course, assignment, manifest, list(jobs), hidden=True, processes=processes, other_seeds=seeds
            )
            for done in found:
                on_done(done)
                verdicts.append(_verdict(jobs[done.job], group, done, manifest, told))
    verdicts.sort(key=lambda v: (v.variant.kind, v.variant.name, v.group, -1 if v.seed is None else v.seed))
    places = check_places(courses.checks_dir(course, assignment.name))
    idle = tuple((*check, places.get(check, check[0])) for check in _idle(verdicts) if not task or check[0] == task)
    points = {one.id: one.points for one in manifest.tasks if not task or one.id == task}
    return Matrix(assignment.name, tuple(verdicts), idle, points)


def _verdict(variant: Variant, group: int, done: Done, manifest: Manifest, told: dict[str, Announced]) -> Verdict:
    report, submission = done.judgement.report, done.submission
    functions = {task.id: task.function for task in manifest.tasks}
    own = next((task for task in report.tasks if task.id == variant.task), None)
    seen = own is not None and any(
        check.visible and (check.outcome is not Outcome.PASSED or check.form) for check in own.checks
    )
    if not seen and variant.task in told and isinstance(submission, Submission):
        seen = bool(sentence(submission.code, functions[variant.task], told[variant.task], functions.values()))
    found = Verdict(variant, group, done.job.seed, report, "", seen)
    return replace(found, problem=_problem(found, manifest))


@contextmanager
def written(course: Course, assignment: Assignment, manifest: Manifest) -> Iterator[list[tuple[Variant, Path]]]:
    solution = load_source(course, assignment.name)
    with tempfile.TemporaryDirectory(prefix="variants-") as folder:
        paths = []
        for number, variant in enumerate(variants(course, assignment.name)):
            answers = (
                stubs(manifest) if variant.kind == STUB else {variant.task: variant.source} if variant.task else {}
            )
            path = Path(folder) / f"{number}.ipynb"
            path.write_text(notebook.canonical(notebook_of(solution, answers)), encoding="utf-8")
            paths.append((variant, path))
        yield paths


def _problem(verdict: Verdict, manifest: Manifest) -> str:
    variant, report = verdict.variant, verdict.report
    if report.status is not Status.GRADED:
        return f"{report.status.value}: {report.reason}"
    if variant.kind == STUB:
        hidden = [check for task in report.tasks for check in task.checks if not check.visible]
        untouched = all(check.outcome is Outcome.NOT_ATTEMPTED for check in hidden)
        return "" if report.score == 0 and untouched else f"the stub got {report.score:g} points"
    lost = [task for task in report.tasks if task.score < task.points]
    own = [task for task in lost if task.id == variant.task]
    others = ", ".join(f"{task.id} {task.score:g}/{task.points:g}" for task in lost if task.id != variant.task)
    if variant.kind in {"wrong", "form"}:
        if not own:
            return "full points for a wrong answer"
        if others:
            return f"a mistake in {variant.task} costs points elsewhere: {others}"
        return _slip_problem(verdict, own[0]) if variant.kind == "form" else ""
    if variant.kind == SOLUTION:
        for task in report.tasks:
            for check in task.checks:
                if check.visible and check.outcome is not Outcome.PASSED:
                    test = cell_place(manifest, f"{task.id}{TEST_SUFFIX}")
                    return (
                        f"{test}: the solution fails this visible test: {check.message}  "
                        f"Mend the test, or the solution in {cell_place(manifest, task.id)}."
                    )
    if not lost:
        return ""
    failed = next(check for check in lost[0].checks if check.outcome is not Outcome.PASSED)
    return f"lost points on {lost[0].id}: {failed.name}: {failed.message}"


def _slip_problem(verdict: Verdict, task: TaskScore) -> str:
    """What is wrong with the verdict on an answer that is right in value and wrong in form."""
    least, most = (share * task.points for share in FORM_SHARE)
    if not least <= task.score <= most:
        return f"a slip of form keeps {task.score:g} of {task.points:g} points, not {least:g} to {most:g}"
    if len(verdict.forms) != 1:
        return f"a slip of form is named in {len(verdict.forms)} sentences, not in one: {' / '.join(verdict.forms)}"
    return "" if verdict.seen else "a slip of form that no visible test catches"


def _idle(verdicts: list[Verdict]) -> tuple[tuple[str, str], ...]:
    from autograder.checks.stopped import judged_nothing  # imports torch, which a mistyped command has no use for

    checks: dict[tuple[str, str], bool] = {}
    for verdict in verdicts:
        for task in verdict.report.tasks:
            for check in task.checks:
                if check.visible or judged_nothing(check) or check.outcome in {Outcome.SKIPPED, Outcome.NOT_ATTEMPTED}:
                    continue
                killed = verdict.variant.kind == "wrong" and task.id == verdict.variant.task
                killed = killed and check.outcome in MISTAKES
                checks[task.id, check.name] = checks.get((task.id, check.name), False) or killed
    return tuple(key for key, killed in checks.items() if not killed)
