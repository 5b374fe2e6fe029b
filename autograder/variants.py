"""Answers whose worth is known: notebooks made from the solution and the variants, and the matrix that `validate` proves with them."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.draws import SEEDS
from autograder.errors import AuthoringError, UsageError
from autograder.journal import Done
from autograder.model import MISTAKES, Assignment, Course, Manifest, Outcome, Report, Status
from autograder.notebook.roles import TEST_SUFFIX
from autograder.pool import judge_all
from autograder.release import load_source
from autograder.release.source import agree, cell_place, check_places
from autograder.submitted import Job

SOLUTION, STUB = "solution", "stub"


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer to one task whose worth is known.  `task` is empty for the solution and the stub."""

    name: str
    kind: str  # "solution", "stub", "right" or "wrong"
    task: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a variant at one seed, and what is wrong with that (empty if it is as it should be)."""

    variant: Variant
    seed: int
    report: Report
    problem: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Of `seeds` times that a check was asked, how often it did not pass."""

    times: int
    seeds: int


@dataclass(frozen=True, slots=True)
class Row:
    """All verdicts on one variant: per task the least and the most points, per check (task id, title) how often it did not pass."""

    variant: Variant
    points: dict[str, tuple[float, float]]
    failed: dict[tuple[str, str], Failed]
    problem: str
    ends_kind: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """All verdicts on an assignment, and the checks (task id, title, place) that no wrong variant has failed."""

    assignment: str
    verdicts: tuple[Verdict, ...]
    idle_checks: tuple[tuple[str, str, str], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row for each variant: the solution and the stub, then by task, right ones first."""
        by: dict[Variant, list[Verdict]] = {}
        for verdict in self.verdicts:
            by.setdefault(verdict.variant, []).append(verdict)
        order = sorted(by, key=lambda one: (one.task, (SOLUTION, STUB, "right", "wrong").index(one.kind), one.name))
        nexts = [*order[1:], None]
        return tuple(
            _row(
                one,
                by[one],
                ends_kind=later is None or later.task != one.task or (one.task != "" and later.kind != one.kind),
            )
            for one, later in zip(order, nexts, strict=True)
        )

    def caught(self, task: str, check: str) -> int:
        """How many wrong variants of a task a check has failed, with any seed."""
        wrong = (row for row in self.rows if row.variant.kind == "wrong" and row.variant.task == task)
        return sum((failed := row.failed.get((task, check))) is not None and failed.times > 0 for row in wrong)

    @property
    def problems(self) -> tuple[str, ...]:
        found = [f"{v.variant.name} (seed {v.seed}): {v.problem}" for v in self.verdicts if v.problem]
        return (
            *found,
            *(
                f"{place}: the check {title!r} has failed no wrong variant.  "
                f"Add an answer that only it catches to source/{self.assignment}/variants/wrong/{task}/, or take it out."
                for task, title, place in self.idle_checks
            ),
        )


def _row(variant: Variant, verdicts: list[Verdict], *, ends_kind: bool) -> Row:
    scores: dict[str, list[float]] = {}
    outcomes: dict[tuple[str, str], list[bool]] = {}
    for task in (task for verdict in verdicts for task in verdict.report.tasks):
        scores.setdefault(task.id, []).append(task.score)
        for check in task.checks:
            if not check.visible and check.outcome is not Outcome.SKIPPED:
                outcomes.setdefault((task.id, check.name), []).append(check.outcome is not Outcome.PASSED)
    return Row(
        variant,
        {task: (min(found), max(found)) for task, found in scores.items()},
        {key: Failed(sum(found), len(found)) for key, found in outcomes.items()},
        next((verdict.problem for verdict in verdicts if verdict.problem), ""),
        ends_kind,
    )


# ── notebooks ─────────────────────────────────────────────────────────────────────────────────────


def variants(course: Course, assignment: str) -> list[Variant]:
    """The solution, the stub and every file under variants/, in a stable order."""
    folder = courses.variants_dir(course, assignment)
    found = [Variant(SOLUTION, SOLUTION), Variant(STUB, STUB)]
    for kind in ("right", "wrong"):
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
    seeds: tuple[int, ...] = (),
    on_done: Callable[[Done], None] = lambda _: None,
) -> Matrix:
    """Judges every variant (of one `task`, if it is named) and says what is not as it should be.

    A wrong one is judged with every secret seed: once as a whole, to see that it costs its own task only, and on its own task alone with
    the other seeds.  `quick` judges every variant on its own task with one seed.  With `seeds`, which stand in for the course's secret
    ones, every variant is judged on its own task with each: to see whether a verdict leans on the luck of the draw."""
    manifest = agree(course, assignment)
    if task and task not in {one.id for one in manifest.tasks}:
        known = ", ".join(one.id for one in manifest.tasks)
        raise UsageError(f"{assignment.name} has no task {task!r}.", f"It has {known}.")
    with written(course, assignment, manifest) as paths:
        jobs: dict[Job, Variant] = {}
        for number, (variant, path) in enumerate(paths):
            if task and variant.task not in {"", task}:
                continue
            own = (variant.task,) if variant.task else ()  # the solution and the stub have no task of their own
            if seeds and not quick:
                jobs |= {Job(path, variant.name, seed, own): variant for seed in range(len(seeds))}
                continue
            jobs[Job(path, variant.name, number % SEEDS, own if quick else ())] = variant
            if variant.kind == "wrong" and not quick:
                others = (seed for seed in range(SEEDS) if seed != number % SEEDS)
                jobs |= {Job(path, variant.name, seed, own): variant for seed in others}
        verdicts = []
        for done in judge_all(
            course, assignment, manifest, list(jobs), hidden=True, processes=processes, other_seeds=seeds
        ):
            on_done(done)
            variant, report = jobs[done.job], done.judgement.report
            verdicts.append(Verdict(variant, done.job.seed or 0, report, _problem(variant, report, manifest)))
    verdicts.sort(key=lambda v: (v.variant.kind, v.variant.name, v.seed))
    places = check_places(courses.checks_dir(course, assignment.name))
    idle = tuple((*check, places.get(check, check[0])) for check in _idle(verdicts) if not task or check[0] == task)
    return Matrix(assignment.name, tuple(verdicts), idle)


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


def _problem(variant: Variant, report: Report, manifest: Manifest) -> str:
    if report.status is not Status.GRADED:
        return f"{report.status.value}: {report.reason}"
    if variant.kind == STUB:
        hidden = [check for task in report.tasks for check in task.checks if not check.visible]
        untouched = all(check.outcome is Outcome.NOT_ATTEMPTED for check in hidden)
        return "" if report.score == 0 and untouched else f"the stub got {report.score:g} points"
    lost = [task for task in report.tasks if task.score < task.points]
    own = [task for task in lost if task.id == variant.task]
    others = ", ".join(f"{task.id} {task.score:g}/{task.points:g}" for task in lost if task.id != variant.task)
    if variant.kind == "wrong":
        if not own:
            return "full points for a wrong answer"
        return f"a mistake in {variant.task} costs points elsewhere: {others}" if others else ""
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
