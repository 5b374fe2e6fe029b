"""The types that the parts of the engine hand to each other: frozen, plain data, no behaviour beyond arithmetic."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

SCHEMA = 1
NOT_SANDBOXED = "not sandboxed"
"""Of a result that was asked for without the layers of the sandbox that must hold."""
LAYERS = ("limits", "namespaces", "landlock", "syscalls", "disk", "files", "network", "signals", "memory")
"""Of the sandbox.  The first four are mechanisms of the kernel, the rest what they guarantee together (`sandbox.lockdown.guarantees`)."""


# ── the course ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.  Times are wall-clock seconds, sizes are what the names say."""

    cell_seconds: float = 60.0
    call_seconds: float = 10.0
    submission_seconds: float = 180.0
    cpu_seconds: int = 240
    memory_mb: int = 3072
    processes: int = 64
    disk_mb: int = 64
    notebook_mb: int = 20
    output_kb: int = 1024
    value_mb: int = 64


@dataclass(frozen=True, slots=True)
class Late:
    """What it costs to hand in late: `percent_per_day` of the points earned for every day begun after the deadline.

    Up to `grace` late costs nothing.  More than `most_days` late counts nothing at all; None is no such limit.  The default costs nothing."""

    percent_per_day: float = 0.0
    grace: timedelta = timedelta()
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one student: for one assignment, or for all of them.  Of several that apply, the longest holds."""

    student: str
    by: timedelta
    assignment: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One folder under source/.  `preload` names modules that answers are likely to import beyond the notebook's own imports: they are
    imported once, before the first submission runs.  `late` overrides the course's."""

    name: str
    title: str
    due: datetime | None = None
    models: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    bonus: bool = False
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What course_config.py declares.  `drop_worst` is how many of a student's assignments, the worst, leave the total.  `root` is filled
    in by `course.load`, `unsafe` by `grade --unsafe`."""

    name: str
    title: str
    assignments: tuple[Assignment, ...]
    repository: str = ""
    gradebook_url: str = ""
    required_layers: tuple[str, ...] = ("files", "network", "signals", "memory")
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    late: Late = field(default_factory=Late)
    extensions: tuple[Extension, ...] = ()
    drop_worst: int = 0
    root: Path = Path()

    def assignment(self, name: str) -> Assignment | None:
        return next((a for a in self.assignments if a.name == name), None)


# ── the manifest of a release ─────────────────────────────────────────────────────────────────────


class Role(StrEnum):
    """What a cell of a released notebook is for."""

    TEXT = "text"
    SETUP = "setup"  # locked: imports and models; also run on the trusted side for the visible tests
    ANSWER = "answer"  # the student's
    TEST = "test"  # locked: the visible test of one task
    DEMO = "demo"  # pictures and long generations: nothing that an answer needs
    CODE = "code"  # everything else that runs


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """A cell as it was released.  `grade_id` is empty for cells that nbgrader does not know; `task` is the id of
    the task that an answer or a test belongs to, else empty."""

    id: str
    role: Role
    cell_type: str
    source: str
    grade_id: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    title: str
    function: str
    points: float


@dataclass(frozen=True, slots=True)
class Manifest:
    assignment: str
    title: str
    notebook: str  # file name, "softmax.ipynb"
    tasks: tuple[Task, ...]
    cells: tuple[ReleasedCell, ...]
    models: tuple[str, ...] = ()

    @property
    def max_score(self) -> float:
        return sum(task.points for task in self.tasks)


# ── what was handed in ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a submission after repair.  `source` is the student's; only a test cell's or a damaged set-up cell's is
    the manifest's.  `outputs` are the ones that were saved in the file, untrusted."""

    index: int
    role: Role
    cell_type: str
    source: str
    grade_id: str = ""
    task: str = ""
    outputs: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """A readable notebook.  `digest` is the sha256 of the file's bytes, "sha256:…", and of the helper files beside it.  `files` are those of
    them that the code names: (path relative to the notebook, source)."""

    path: Path
    assignment: str
    student: str
    digest: str
    cells: tuple[Cell, ...]
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> list[str]:
        """The sources of what runs, without the tests: the helper files, then the cells."""
        own = [cell.source for cell in self.cells if cell.cell_type == "code" and cell.role is not Role.TEST]
        return [*(source for _, source in self.files), *own]


@dataclass(frozen=True, slots=True)
class NotGradable:
    """A file that cannot be graded, and the one sentence that tells its student why and what to do."""

    path: Path
    assignment: str
    student: str
    reason: str
    digest: str = ""


# ── results ───────────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    STUDENT_ERROR = "student_error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    NOT_ATTEMPTED = "not_attempted"
    BANNED = "banned"
    SKIPPED = "skipped"
    GRADER_ERROR = "grader_error"


DEATHS = frozenset({Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED})
"""The process ended with the check."""
MISTAKES = DEATHS | {Outcome.FAILED, Outcome.STUDENT_ERROR}
"""The check itself found the answer wanting.  A ban is none of these: it falls on all checks of a task, whatever each of them found."""


class Kind(StrEnum):
    """In which way a check did not pass, or passed with a charge: what the causes of a task's loss are sorted by."""

    VALUES = "values"  # the answer has other values than it should
    NOT_RAISED = "not_raised"  # an error that the task asks for was not raised, or raised with another text
    CHANGED_INPUT = "changed_input"
    RETURNED_NOTHING = "returned_nothing"
    RAISED = "raised"
    FORM = "form"  # the values are right, in another form than the task asks for
    TOO_SLOW = "too_slow"
    MEMORY = "memory"
    CRASHED = "crashed"
    BANNED = "banned"
    NOT_ATTEMPTED = "not_attempted"


class Status(StrEnum):
    GRADED = "graded"
    NOT_GRADABLE = "not_gradable"
    GRADER_ERROR = "grader_error"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found.  `kind` says in which way it did not pass; `detail` tells failures of one kind apart: the error and its
    line, or the topic of the check.  `form` is the sentence about a right answer in the wrong form, with which the check passes."""

    name: str
    outcome: Outcome
    weight: float = 1.0
    visible: bool = False
    message: str = ""
    hint: str = ""
    kind: Kind | None = None
    detail: str = ""
    form: str = ""
    plain: bool = False
    heart: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a task lost points: one sentence with the smallest counterexample, what it cost, and the checks that found it."""

    kind: Kind
    message: str
    cost: float
    checks: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TaskScore:
    """`score` is `points` times the passed share of the checks' weights, less the charges (see `scoring`); skipped checks leave the
    denominator.  The costs of the `causes` add up to what is missing, but for rounding."""

    id: str
    title: str
    points: float
    score: float
    checks: tuple[CheckResult, ...]
    note: str = ""
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class CellError:
    cell: int
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Execution:
    seconds: float = 0.0
    cells: int = 0
    errors: tuple[CellError, ...] = ()
    output_truncated: bool = False
    peak_memory_mb: int = 0
    sandbox: str = "none"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    submission: str = ""
    checks: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of one graded notebook: one object of the result format (result.schema.json)."""

    notebook: str
    assignment: str
    student: str
    status: Status
    score: float
    max_score: float
    tasks: tuple[TaskScore, ...] = ()
    execution: Execution = field(default_factory=Execution)
    repairs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str = ""
    fingerprint: Fingerprint = field(default_factory=Fingerprint)

    def to_json(self) -> dict[str, Any]:
        data = dataclasses.asdict(self)
        return {"schema": SCHEMA, **data}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report and what the student's cells printed and drew: cell index → notebook outputs (nbformat 4 dicts)."""

    report: Report
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)


def unjudged(
    found: Submission | NotGradable,
    status: Status,
    max_score: float,
    reason: str,
    *,
    checks: str = "",
    environment: str = "",
) -> Report:
    """The report on what nothing was run of: what is not gradable, and a grade that is withheld."""
    return Report(
        str(found.path),
        found.assignment,
        found.student,
        status,
        0.0,
        max_score,
        reason=reason,
        fingerprint=Fingerprint(found.digest, checks, environment),
    )
