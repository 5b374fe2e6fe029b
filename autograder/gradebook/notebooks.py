"""The autograded notebook: the student's cells in the release's clothes, with what they printed.  Formgrader and feedback show it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import files, journal, notebook
from autograder.errors import AuthoringError
from autograder.model import Assignment, Cell, Course, Judgement, Manifest, NotGradable, Outcome, Role, Submission
from autograder.notebook.text import joined

TEST_LINE = 400  # of a visible test's message, the most that its line shows
_PICTURES = ("image/png", "image/jpeg")


class Released:
    """A release as it lies in release/: its manifest, and nbgrader's metadata of its cells by grade_id.

    Raises AuthoringError where there is none."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.manifest: Manifest = notebook.load_manifest(courses.manifest_path(course, assignment))
        self.path = courses.release_dir(course, assignment) / self.manifest.notebook
        try:
            nb = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise AuthoringError(
                f"{self.path} cannot be read: {error}.", "Build it with `autograder release`."
            ) from error
        self.notebook_metadata: dict[str, Any] = nb["metadata"]
        self.metadata: dict[str, dict[str, Any]] = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]
            for cell in nb["cells"]
            if cell["metadata"].get("nbgrader")
        }
        self.sources = {cell.grade_id: cell.source for cell in self.manifest.cells if cell.grade_id}
        self.name = Path(self.manifest.notebook).stem

    def booked_sources(self) -> dict[str, str]:
        """grade_id → source of the cells that the gradebook holds."""
        kinds = ("grade", "solution", "locked")
        marks = {name: metadata["nbgrader"] for name, metadata in self.metadata.items()}
        return {name: self.sources[name] for name, mark in marks.items() if any(mark.get(kind) for kind in kinds)}

    def is_registered(
        self, assignment: Assignment, points: dict[str, float], sources: dict[str, str], due: datetime | None
    ) -> bool:
        """Whether the gradebook, which holds these cells and this date (UTC, without saying so), knows the assignment as it is."""
        wanted = assignment.due.astimezone(UTC).replace(tzinfo=None) if assignment.due else None
        return (
            points == {task.id: task.points for task in self.manifest.tasks}
            and sources == self.booked_sources()
            and wanted in {None, due}
        )


def autograded(released: Released, submission: Submission | NotGradable, judgement: Judgement | None) -> dict[str, Any]:
    """The notebook (nbformat 4.5) for autograded/; without a judgement, as it is before judging.

    A task that has no answer cell gets the released stub, so that a person can grade it; what is not gradable becomes the
    release with the reason above it."""
    if isinstance(submission, NotGradable):
        cells: Sequence[Cell] = _as_released(released.manifest, submission.reason)
    else:
        cells = _with_every_answer(submission.cells, released)
    made: list[dict[str, Any]] = []
    used: set[str] = set()
    lines = _test_lines(judgement)
    for number, cell in enumerate(cells):
        known = cell.grade_id if cell.grade_id not in used else ""
        used |= {known}
        raw: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": f"cell-{number}",
            "metadata": released.metadata.get(known, {}),
            "source": cell.source,
        }
        if cell.cell_type == "code":
            raw |= {"execution_count": None, "outputs": _outputs(cell, judgement, lines)}
        made.append(raw)
    return {"cells": made, "metadata": released.notebook_metadata, "nbformat": 4, "nbformat_minor": 5}


def _as_released(manifest: Manifest, reason: str) -> list[Cell]:
    notice = Cell(-1, Role.TEXT, "markdown", f"**This notebook could not be graded.** {reason}")
    cells = [Cell(-1, c.role, c.cell_type, c.source, c.grade_id, c.task) for c in manifest.cells]
    return [notice, *cells]


def _with_every_answer(cells: Sequence[Cell], released: Released) -> list[Cell]:
    present = {cell.grade_id for cell in cells}
    result: list[Cell] = []
    for cell in cells:
        if cell.role is Role.TEST and cell.task not in present:
            result.append(Cell(-1, Role.ANSWER, "code", released.sources[cell.task], cell.task, cell.task))
        result.append(cell)
    return result


# ── outputs ───────────────────────────────────────────────────────────────────────────────────────


def _outputs(cell: Cell, judgement: Judgement | None, lines: dict[str, str]) -> list[dict[str, Any]]:
    if cell.role is Role.TEST:
        return [_stream(lines[cell.task])] if cell.task in lines else []
    if judgement is None:
        return []
    found = list(cell.outputs) if cell.role is Role.DEMO else judgement.outputs.get(cell.index, [])
    return [safe for output in found if (safe := _safe(output)) is not None]


def _test_lines(judgement: Judgement | None) -> dict[str, str]:
    """Task → one line on what its visible test gave."""
    lines = {}
    for task in judgement.report.tasks if judgement else ():
        for check in task.checks:
            if check.visible:
                said = " ".join(check.message.split())[:TEST_LINE]
                word = "passed" if check.outcome is Outcome.PASSED else check.outcome.replace("_", " ")
                lines[task.id] = f"{check.name}: {word}.{f' {said}' if said else ''}\n"
    return lines


def _stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _safe(output: dict[str, Any]) -> dict[str, Any] | None:
    """`output` as text, error or checked picture, rebuilt field by field; None for everything richer.

    nbgrader's pages show HTML, SVG and JavaScript as they are, to instructors too."""
    kind = output.get("output_type")
    if kind == "stream":
        return _stream(joined(output.get("text")), "stderr" if output.get("name") == "stderr" else "stdout")
    if kind == "error":
        trace = output.get("traceback")
        lines = [joined(line) for line in trace] if isinstance(trace, list) else []
        named = {"ename": joined(output.get("ename")), "evalue": joined(output.get("evalue"))}
        return {"output_type": "error", **named, "traceback": lines}
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    kept = {mime: text for mime in _PICTURES if (text := _base64(joined(data.get(mime))))}
    if "text/plain" in data:
        kept["text/plain"] = joined(data["text/plain"])
    return {"output_type": "display_data", "data": kept, "metadata": {}} if kept else None


def _base64(text: str) -> str:
    """`text` in canonical base64, or "" where it is not base64 at all: it ends up inside an HTML attribute."""
    try:
        return base64.b64encode(base64.b64decode("".join(text.split()), validate=True)).decode()
    except (binascii.Error, ValueError):
        return ""


# ── on disk ───────────────────────────────────────────────────────────────────────────────────────


def write(course: Course, released: Released, submission: Submission | NotGradable, judgement: Judgement) -> None:
    """Writes autograded/<student>/<assignment>/<name>.ipynb: whole or not at all, read-only as nbgrader leaves it."""
    path = _place(course, released, submission.student)
    files.sweep(path.parent)
    files.write(path, notebook.canonical(autograded(released, submission, judgement)), mode=0o444)


def is_written(course: Course, released: Released, student: str) -> bool:
    """Whether the autograded notebook is there and not older than the result that it shows."""
    result = journal.path_of(course, released.manifest.assignment, student)
    try:
        return _place(course, released, student).stat().st_mtime_ns >= result.stat().st_mtime_ns
    except OSError:
        return False


def _place(course: Course, released: Released, student: str) -> Path:
    return course.root / "autograded" / student / released.manifest.assignment / released.manifest.notebook
