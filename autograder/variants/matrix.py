"""What became of answers whose worth is known: the matrix that `validate` proves with them."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model import Kind, Outcome, Report, TaskScore

SOLUTION, STUB = "solution", "stub"
KINDS = (SOLUTION, STUB, "right", "form", "wrong")
FORM_SHARE = (0.6, 0.9)
"""What an answer that is right in value and wrong in form keeps of its task's points."""
VISIBLE_TARGET = 0.7
"""The share of a task's mistakes that its visible test should catch."""
SPREAD = 0.1
"""Of a task's points: by so much the worth of a wrong answer may differ between sets of seeds."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One answer to one task whose worth is known.  `task` is empty for the solution and the stub.

    A "right" answer gets full points, a "wrong" one less, and a "form" one, whose values are right and whose form alone is wrong, most."""

    name: str
    kind: str  # one of KINDS
    task: str = ""
    source: str = ""

    @property
    def says(self) -> str:
        """What its author says of it: the comment that it begins with, without `Mistake:` and the like."""
        first = self.source.partition("\n")[0]
        if not first.startswith("#"):
            return ""
        text = first.lstrip("# ").partition(": ")
        return (text[2] if text[2] and " " not in text[0] else first.lstrip("# ")).strip().removesuffix(".")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a variant, and what is wrong with that (empty if it is as it should be).

    It was judged as a class is, by the set of seeds number `group`, or, with `seed`, by that one of them alone.  `seen`: a student's own
    `check` shows that the answer is not right."""

    variant: Variant
    group: int
    seed: int | None
    report: Report
    problem: str
    seen: bool

    @property
    def own(self) -> TaskScore | None:
        """The result of the variant's own task."""
        return next((task for task in self.report.tasks if task.id == self.variant.task), None)

    @property
    def forms(self) -> tuple[str, ...]:
        """What the page says of the form of the answer."""
        causes = self.own.causes if self.own else ()
        return tuple(cause.message for cause in causes if cause.kind is Kind.FORM)


@dataclass(frozen=True, slots=True)
class Failed:
    """Of `seeds` times that a check was asked, how often it did not pass."""

    times: int
    seeds: int


@dataclass(frozen=True, slots=True)
class Row:
    """All verdicts on one variant: per task the least and the most points over the sets of seeds, per check (task id, title) how often it
    did not pass."""

    variant: Variant
    points: dict[str, tuple[float, float]]
    failed: dict[tuple[str, str], Failed]
    problem: str
    ends_kind: bool
    seen: bool
    forms: tuple[str, ...] = ()

    @property
    def is_mistake(self) -> bool:
        """Whether a visible test should notice it."""
        return self.variant.kind in {"wrong", "form"}


@dataclass(frozen=True, slots=True)
class Matrix:
    """All verdicts on an assignment, its tasks' points, and the checks (task id, title, place) that no wrong variant has failed."""

    assignment: str
    verdicts: tuple[Verdict, ...]
    idle_checks: tuple[tuple[str, str, str], ...]
    points: dict[str, float]

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row for each variant: the solution and the stub, then by task, right ones first."""
        by: dict[Variant, list[Verdict]] = {}
        for verdict in self.verdicts:
            by.setdefault(verdict.variant, []).append(verdict)
        order = sorted(by, key=lambda one: (one.task, KINDS.index(one.kind), one.name))
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

    def seen(self, task: str) -> tuple[int, int]:
        """How many of a task's wrong variants and slips of form a student's own `check` shows, and of how many."""
        mistakes = [row for row in self.rows if row.is_mistake and row.variant.task == task]
        return sum(row.seen for row in mistakes), len(mistakes)

    @property
    def problems(self) -> tuple[str, ...]:
        return (
            *(f"{v.variant.name}{_by(v)}: {v.problem}" for v in self.verdicts if v.problem),
            *(problem for row in self.rows if (problem := self._spread(row))),
            *(
                f"{place}: the check {title!r} has failed no wrong variant.  "
                f"Add an answer that only it catches to source/{self.assignment}/variants/wrong/{task}/, or take it out."
                for task, title, place in self.idle_checks
            ),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What visible tests leave to the hidden ones.  No fault: a visible test that catches all would be the hidden suite."""
        rows = self.rows
        few = [
            f"{task}: the visible tests catch {seen} of {total} wrong answers, less than {VISIBLE_TARGET * 100:.0f} %."
            for task in self.points
            for seen, total in [self.seen(task)]
            if seen < VISIBLE_TARGET * total
        ]
        slips = [row for row in rows if row.variant.kind == "wrong" and row.forms and not row.seen]
        return (
            *few,
            *(f"{row.variant.name}: a slip of form that no visible test catches: {row.forms[0]}" for row in slips),
        )

    def _spread(self, row: Row) -> str:
        task = row.variant.task
        least, most = row.points.get(task, (0.0, 0.0))
        if not row.is_mistake or most - least <= SPREAD * self.points[task] + 0.005:  # points are rounded to hundredths
            return ""
        return (
            f"{row.variant.name}: {least:g} to {most:g} points, by the set of seeds: "
            f"more than a tenth of the task's {self.points[task]:g}."
        )


def _by(verdict: Verdict) -> str:
    """Which seeds a verdict comes from, for a problem."""
    found = [f"set {verdict.group + 1}"] if verdict.group else []
    found += [f"seed {verdict.seed}"] if verdict.seed is not None else []
    return f" ({', '.join(found)})" if found else ""


def _row(variant: Variant, verdicts: list[Verdict], *, ends_kind: bool) -> Row:
    scores: dict[str, list[float]] = {}
    outcomes: dict[tuple[str, str], list[bool]] = {}
    graded = [verdict for verdict in verdicts if verdict.seed is None]
    for task in (task for verdict in graded for task in verdict.report.tasks):
        scores.setdefault(task.id, []).append(task.score)
    # Where each seed was tried alone, that says more of a check than all of them together.
    single = [verdict for verdict in verdicts if verdict.seed is not None] or graded
    for task in (task for verdict in single for task in verdict.report.tasks):
        for check in task.checks:
            if not check.visible and check.outcome is not Outcome.SKIPPED:
                outcomes.setdefault((task.id, check.name), []).append(check.outcome is not Outcome.PASSED)
    return Row(
        variant,
        {task: (min(found), max(found)) for task, found in scores.items()},
        {key: Failed(sum(found), len(found)) for key, found in outcomes.items()},
        next((verdict.problem for verdict in verdicts if verdict.problem), ""),
        ends_kind,
        seen=all(verdict.seen for verdict in graded),
        forms=tuple(dict.fromkeys(said for verdict in graded for said in verdict.forms)),
    )
