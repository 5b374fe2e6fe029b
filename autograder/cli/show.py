"""Tables, progress and files for the commands: data to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import files
from autograder.errors import UsageError
from autograder.model import Assignment, Outcome, Report, Status, TaskScore
from autograder.words import printable

ESTIMATED_FROM = 600.0
"""Seconds of progress that the time left is estimated from: of rich's own 30, a slow notebook leaves nothing."""


def console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 110, highlight=False, soft_wrap=False)


@contextmanager
def progress(title: str, total: int, *, quiet: bool, told: bool = False) -> Iterator[Callable[[Any], None]]:
    """A bar with the time left on a terminal, a line at the end elsewhere, nothing if `quiet`.  No line either where the command has `told`
    what came of it by itself."""
    screen = Console(stderr=True)
    if quiet or not screen.is_terminal:
        yield lambda _: None
        if not (quiet or told):
            print(f"{title}: {total} done", file=sys.stderr)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    redirected = sys.stdout.isatty()
    with Progress(
        *columns, console=screen, transient=True, redirect_stdout=redirected, speed_estimate_period=ESTIMATED_FROM
    ) as bar:
        job = bar.add_task(title, total=total)
        yield lambda _: bar.advance(job)


@contextmanager
def waiting(text: str, *, quiet: bool) -> Iterator[None]:
    """Says on a terminal that something without steps is under way; nothing elsewhere, or if `quiet`."""
    screen = Console(stderr=True)
    if quiet or not screen.is_terminal:
        yield
        return
    with screen.status(text):
        yield


def write_json(data: Any, target: str | None) -> None:
    """Writes `data` to a file, or to stdout for "-"; nothing without a target."""
    if target is None:
        return
    text = json.dumps(data, indent=1, ensure_ascii=False)
    if target == "-":
        sys.stdout.write(text + "\n")
        return
    writable(target)
    files.write(Path(target), text + "\n")


def writable(target: str | None) -> None:
    """Raises UsageError where `write_json` could not write: better before the work than after it."""
    if target in {None, "-"}:
        return
    path = Path(str(target))
    if path.is_dir():
        raise UsageError(f"{target} cannot be written: it is a folder.", "Name a file.")
    if not path.parent.is_dir():
        raise UsageError(f"{target} cannot be written: there is no folder {path.parent}.", "Make it first.")


def task_symbol(task: TaskScore) -> str:
    outcomes = {check.outcome for check in task.checks}
    if outcomes <= {Outcome.PASSED, Outcome.SKIPPED}:
        return "✗" if any(check.form for check in task.checks) else "✓"
    return "–" if outcomes <= {Outcome.NOT_ATTEMPTED, Outcome.SKIPPED} else "✗"


def report_table(report: Report, *, visible_only: bool = False) -> Table:
    """One notebook in detail: a row for each task, with each cause of what is missing.

    With `visible_only` no points are shown but what a task is worth: they come from checks that are not among these."""
    table = Table(title=plain_text(report.notebook), title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("task")
    table.add_column("worth" if visible_only else "points", justify="right")
    table.add_column("what happened", overflow="fold")
    for task in report.tasks:
        said = [*_causes(task), *([task.note] if task.note else [])]
        points = f"{task.points:g}" if visible_only else f"{task.score:g}/{task.points:g}"
        row(table, task_symbol(task), task.id, points, "\n".join(said))
    return table


def _causes(task: TaskScore) -> list[str]:
    """Why a task does not pass, each cause once, with its hint; where nothing was attempted, that alone."""
    if task_symbol(task) == "–":
        return [next((check.message for check in task.checks if check.message), "")]
    return [f"{cause.message}{f' Hint: {cause.hint}' if cause.hint else ''}" for cause in task.causes if cause.message]


def class_table(title: str, reports: Iterable[Report], penalties: Mapping[str, float] | None = None) -> Table:
    """A class: a row for each student, a column for each task; `penalties` are what being late takes from the total."""
    late = penalties or {}
    rows = list(reports)
    tasks = next((report.tasks for report in rows if report.tasks), ())
    table = open_table(title, "student")
    for task in tasks:
        words = task.id.replace("-", "-\n")  # as narrow as it gets without cutting a name short
        table.add_column(f"{words}\n{task.points:g}", justify="right", overflow="fold")
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for report in rows:
        notes = [] if report.status is Status.GRADED else [report.status.value.replace("_", " ")]
        notes += [f"late: -{late[report.student]:g}"] if report.student in late else []
        notes += [f"{len(report.repairs)} repaired"] if report.repairs else []
        notes += [f"{len(report.flags)} flagged"] if report.flags else []
        cells = [f"{task.score:g}" for task in report.tasks] or ["" for _ in tasks]
        total = f"{report.score:g}/{report.max_score:g}" if report.status is not Status.GRADER_ERROR else "withheld"
        row(table, report.student, *cells, total, ", ".join(notes))
    return table


def course_table(title: str, graded: list[tuple[Assignment, list[Report]]]) -> Table:
    """A course: a row for each student, a column for each assignment; bonus points lie over the total."""
    table = open_table(title, "student")
    full = 0.0
    for assignment, reports in graded:
        points = max((report.max_score for report in reports), default=0.0)
        full += 0.0 if assignment.bonus else points
        table.add_column(f"{assignment.name}\n{'bonus ' if assignment.bonus else ''}{points:g}", justify="right")
    table.add_column(f"total\n{full:g}", justify="right")
    by_student: dict[str, dict[str, Report]] = {}
    for assignment, reports in graded:
        for report in reports:
            by_student.setdefault(report.student, {})[assignment.name] = report
    for student, own in sorted(by_student.items()):
        cells = [_cell(own.get(assignment.name)) for assignment, _ in graded]
        row(table, student, *cells, f"{sum(report.score for report in own.values()):g}")
    return table


def open_table(title: str, first: str, *, legend: str | None = None) -> Table:
    """A table with its `first` column, and without lines between columns: eight tasks, or twenty checks, fit a terminal then."""
    table = Table(title=title, caption=legend, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.title_justify = table.caption_justify = "left"
    table.add_column(first, overflow="fold", min_width=8)
    return table


def _cell(report: Report | None) -> str:
    if report is None:
        return ""
    return f"{report.score:g}" if report.status is Status.GRADED else report.status.value.replace("_", " ")


def notes(sentences: Iterable[str]) -> None:
    """Says each of these on stderr, whatever names are in them."""
    for sentence in sentences:
        print(f"autograder: {printable(sentence)}", file=sys.stderr)


def row(table: Table, *cells: str, end_section: bool = False) -> None:
    """Adds a row: in no cell of any table is there markup or what a terminal would obey."""
    table.add_row(*map(plain_text, cells), end_section=end_section)


def plain_text(text: str) -> Any:
    """Text that may hold anything, as rich text without markup."""
    from rich.text import Text

    return Text(printable(text))
