"""The page that a student gets back: one file, no script, nothing remote, nothing of a hidden check but its words."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.markup.clean import has_unseen, plain
from autograder.markup.rendered import markdown, python
from autograder.model import (
    NOT_SANDBOXED,
    Cell,
    Judgement,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Role,
    Status,
    Submission,
    TaskScore,
)
from autograder.report.outputs import LEFT_OUT, Room, Shown, shown
from autograder.report.task_results import (
    MESSAGE_LIMIT,
    OUTCOMES,
    ShownCause,
    ShownCheck,
    shared_slips,
    shown_causes,
    shown_checks,
)
from autograder.words import sentence

if TYPE_CHECKING:
    from jinja2 import Template

CELL_CHARACTERS = 60_000  # of a source, the most that is shown

_WITHHELD = "Something went wrong in the grader, not in your work. Your grade is withheld until staff, who have been told, have looked at it."
_LABELS = {
    Role.SETUP: "set-up",
    Role.TEST: "visible test",
    Role.DEMO: "to look at, as you saved it (not run again)",
    Role.CODE: "code",
    Role.TEXT: "not run",
}


@dataclass(frozen=True, slots=True)
class _Notice:
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    title: str
    function: str
    score: str
    points: str
    passed: int
    counted: int
    cell: int | None
    note: str
    causes: list[ShownCause]
    checks: list[ShownCheck]


@dataclass(frozen=True, slots=True)
class _Cell:
    number: int
    role: str
    label: str = ""
    text: str | None = None
    code: str = ""
    outputs: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Page:
    """All that the template shows.  `text` and `code` of cells are HTML; everything else is escaped by the template."""

    course: str
    title: str
    student: str
    file: str
    score: str | None
    max_score: str
    bar: float
    bar_max: float
    notices: list[_Notice]
    remarks: list[_Notice]
    tasks: list[_Task]
    cells: list[_Cell]
    footer: list[str]


def feedback_page(
    judgement: Judgement,
    submission: Submission | NotGradable | None,
    manifest: Manifest,
    *,
    course_title: str,
    late: tuple[str, ...] = (),
) -> str:
    """The page of one graded notebook as HTML.  Without a Submission there is no notebook to show, only the report.

    `late` says in sentences what handing in late costs, and why (`policy.why`)."""
    report = judgement.report
    readable = submission if isinstance(submission, Submission) else None
    graded = report.status is Status.GRADED
    shared = {slip.sentence for slip in shared_slips(report)}
    page = _Page(
        course=course_title,
        title=manifest.title,
        student=plain(report.student, 200),
        file=plain(Path(report.notebook).name, 200),
        score=_number(report.score) if report.status is not Status.GRADER_ERROR else None,
        max_score=_number(report.max_score),
        bar=max(0.0, min(report.score, report.max_score)),
        bar_max=report.max_score or 1.0,
        notices=[*_notices(report, manifest), *([_Notice("Handed in late", late)] if late and graded else [])],
        remarks=[*_remarks(report), *_unseen(readable)],
        tasks=[_task(task, manifest, readable, shared) for task in report.tasks] if graded else [],
        cells=_cells(readable, judgement) if readable else [],
        footer=list(_sentences(_footer(report))),
    )
    template, css, policy = _template()
    return template.render(page=page, css=css, policy=policy)


@cache
def _template() -> tuple[Template, str, str]:
    """The compiled template, the style sheet and the policy that allows this style sheet, data: pictures, and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = lambda text: Markup(sentence(text))  # noqa: S704 - escaped there
    css = (folder / "feedback.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return environment.get_template("feedback.html.j2"), Markup(css), Markup(policy)  # noqa: S704 - both are ours


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _sentences(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain(line, MESSAGE_LIMIT) for line in lines)


def _notices(report: Report, manifest: Manifest) -> list[_Notice]:
    """What must be read before anything else: why there is no grade, or none to rely on."""
    if report.status is Status.NOT_GRADABLE:
        advice = f"Put it right and hand in {manifest.notebook} again, or ask the course staff."
        return [_Notice("This file could not be graded", (*_sentences([report.reason]), advice))]
    if report.status is Status.GRADER_ERROR:
        return [_Notice("No grade yet", (_WITHHELD,))]
    notices = []
    if report.execution.sandbox in {"none", NOT_SANDBOXED}:
        notices.append(_Notice("Not sandboxed", ("This notebook was run without the grader's protections.",)))
    for slip in shared_slips(report):
        places = ", ".join(f"{title} ({cost})" for title, cost in slip.tasks)
        notices.append(_Notice("One slip in several tasks", (slip.sentence, f"It costs points in: {places}.")))
    return notices


def _remarks(report: Report) -> list[_Notice]:
    """What was put right, what a person should look at, what went wrong while the cells ran."""
    errors = [f"Cell {error.cell + 1} raised {error.type}: {error.message}" for error in report.execution.errors]
    remarks = {
        "What was put right in your file": report.repairs,
        "What a person should look at": report.flags,
        "Cells that raised an error when they were run": errors,
    }
    return [_Notice(title, _sentences(lines)) for title, lines in remarks.items() if lines]


def _unseen(submission: Submission | None) -> list[_Notice]:
    """Where the text of the notebook reads otherwise than it runs."""
    cells = [str(cell.index + 1) for cell in submission.cells if has_unseen(cell.source)] if submission else []
    said = f"They are shown by their number, such as <U+202E>, in cell {', '.join(cells[:20])}."
    return [_Notice("Characters that cannot be seen or that turn the text around", (said,))] if cells else []


def _task(task: TaskScore, manifest: Manifest, submission: Submission | None, at_the_top: set[str]) -> _Task:
    counted = [check for check in task.checks if check.outcome is not Outcome.SKIPPED]
    cells = submission.cells if submission else ()
    causes = [cause for cause in shown_causes(task) if cause.message not in at_the_top]
    return _Task(
        title=task.title,
        function=next((known.function for known in manifest.tasks if known.id == task.id), ""),
        score=_number(task.score),
        points=_number(task.points),
        passed=sum(check.outcome is Outcome.PASSED for check in counted),
        counted=len(counted),
        cell=next((c.index + 1 for c in cells if c.role is Role.ANSWER and c.task == task.id), None),
        note=plain(task.note, MESSAGE_LIMIT),
        causes=causes,
        checks=[_beside(check, causes, at_the_top) for check in shown_checks(task)],
    )


def _beside(check: ShownCheck, causes: list[ShownCause], at_the_top: set[str]) -> ShownCheck:
    """`check` as a row below the causes: one that found a cause points to it instead of saying it again."""
    numbers = [number for number, cause in enumerate(causes, start=1) if check.title in cause.found_by]
    if numbers:
        return replace(check, worth=" · ".join(filter(None, (check.worth, f"see {numbers[0]}"))), message="", hint="")
    return replace(check, message="" if check.message in at_the_top else check.message)


def _cells(submission: Submission, judgement: Judgement) -> list[_Cell]:
    tasks = {task.id: task for task in judgement.report.tasks}
    room = Room()
    made: list[_Cell] = []
    for cell in submission.cells:
        if not room.take(min(len(cell.source), CELL_CHARACTERS)):
            made.append(_Cell(cell.index + 1, Role.TEXT.value, text=LEFT_OUT))
            break
        # A demo cell is not run again: its picture is the student's own.
        outputs = cell.outputs if cell.role is Role.DEMO else judgement.outputs.get(cell.index, [])
        made.append(_cell(cell, shown(outputs, room), tasks.get(cell.task)))
    return made


def _cell(cell: Cell, outputs: list[Shown], task: TaskScore | None) -> _Cell:
    number = cell.index + 1
    if cell.cell_type == "markdown" and cell.role is not Role.ANSWER:
        return _Cell(number, cell.role.value, text=markdown(cell.source))
    label = _LABELS.get(cell.role, "")
    if cell.role is Role.ANSWER:
        label = f"your answer: {task.title}" if task else "your answer"
        label += "" if cell.cell_type == "code" else f" (a {cell.cell_type} cell, not run)"
    elif cell.role is Role.TEST and task:
        words = [OUTCOMES[check.outcome][1] for check in task.checks if check.visible]
        label = ": ".join([label, *words[:1]])
    return _Cell(number, cell.role.value, label, code=python(cell.source), outputs=outputs)


def _footer(report: Report) -> list[str]:
    execution, prints = report.execution, report.fingerprint
    lines = []
    if report.status is Status.GRADED:
        lines.append(f"Graded in {execution.seconds:.1f} s, {execution.cells} cells run, sandbox: {execution.sandbox}.")
    if execution.output_truncated:
        lines.append("Your cells printed more than is kept; the rest was cut off.")
    marks = {"submission": prints.submission, "checks": prints.checks, "environment": prints.environment}
    known = [f"{name} {mark.removeprefix('sha256:')[:12]}" for name, mark in marks.items() if mark]
    return [*lines, f"Fingerprint: {', '.join(known)}."] if known else lines
