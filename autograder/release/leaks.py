"""The leak gate: reads a finished release as a curious student would, and refuses it if it holds more than it should."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import notebook
from autograder.errors import GateError
from autograder.model import Assignment, Course
from autograder.notebook.announced import ANNOUNCED, NAME, TOPIC
from autograder.notebook.roles import BEGIN, END, marks
from autograder.release.source import DATA, load_source

# A line is worth protecting from so many characters and tokens on: `with torch.no_grad():` and `return x` give nothing away.
SOLUTION_LINE = (14, 7)
CHECK_LINE = (24, 9)
NOTEBOOK_KEYS = {"kernelspec", "language_info"}
CELL_KEYS = {"nbgrader", "tags", "deletable", "editable"}
NOT_OURS = "A release is made, not edited: autograder release makes it anew."
_TOKEN = re.compile(r"\w+|[^\w\s]")
# What a suite shares with every notebook: the head of a function that students are asked for, imports, markers.
_SHARED = re.compile(r"(def|class|import|from|@|if __name__)\b|@")


@dataclass(frozen=True, slots=True)
class Secret:
    """Lines that belong together and must not get out: one solution, one file of the suite."""

    what: str
    lines: tuple[str, ...]
    is_answer: bool = False  # what an answer returns gives it away without its `return` too
    whole: str = ""  # the lines as one, if they are few: `return 2 * x` is the solution, though no line of it says much

    def found(self, text: str, *, code: bool) -> str:
        """The line of this secret that `text` gives away, or "".

        Code may share one line with a longer solution, as long as that is not what it returns: `logits = model(**ids).logits`
        is how everybody writes it, and the demonstration above the task may do so too."""
        dense = _dense(text)
        shared = [
            line for line in self.lines if _dense(line.removeprefix("return ") if self.is_answer else line) in dense
        ]
        if code and len(shared) == 1 and len(self.lines) > 2 and not shared[0].startswith("return"):
            return ""
        if not shared and self.whole and _dense(self.whole) in dense:
            return self.whole
        return shared[0] if shared else ""


def gate(course: Course, assignment: Assignment, folder: Path, *, others: tuple[Assignment, ...] = ()) -> None:
    """Raises GateError, naming the file, the cell and the beginning of the text, if the release in `folder` gives something away: of its
    own assignment, or of `others`."""
    name = assignment.name
    hidden = [secret for one in (assignment, *others) for secret in secrets(course, one.name)]
    private = _private_names(course, name)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        file = path.relative_to(folder).as_posix()
        if file not in {f"{name}.ipynb", "manifest.json", ANNOUNCED} and (
            not file.startswith(f"{DATA}/") or path.is_symlink()
        ):
            raise GateError(
                f"{name}: {file} does not belong into a release.", f"Released are the notebook and {DATA}/."
            )
        where = f"{name}: {file}"
        if file == f"{name}.ipynb":
            places = _cells(json.loads(path.read_text(encoding="utf-8")), where)
        elif file == "manifest.json":
            places = _released_cells(json.loads(path.read_text(encoding="utf-8")), where)
        elif file == ANNOUNCED:
            places = _announced(json.loads(path.read_text(encoding="utf-8")), where)
        else:
            places = iter([(where, _text_of(path), False)])
        for where, text, code in places:
            for secret in hidden:
                if line := secret.found(text, code=code):
                    raise GateError(
                        f"{where} gives away {secret.what}: {_beginning(line)}",
                        f"Take it out of source/{name}/{name}.ipynb, or say it in other words.",
                    )
            for word in private:
                if word in text:
                    raise GateError(
                        f"{where} names a file of the hidden suite: {word}.",
                        f"Take it out of source/{name}/{name}.ipynb.",
                    )


def secrets(course: Course, name: str) -> list[Secret]:
    """What of an assignment must not get out: each solution, each file of the suite."""
    return [*_solutions(load_source(course, name)), *_suite(courses.checks_dir(course, name))]


# ── what must not get out ─────────────────────────────────────────────────────────────────────────


def _solutions(nb: dict[str, Any]) -> Iterator[Secret]:
    for cell in nb["cells"]:
        inside = False
        lines: list[str] = []
        for line in notebook.source_of(cell).split("\n"):
            if BEGIN in line or END in line:
                inside = BEGIN in line
            elif inside and line.strip():
                lines.append(line.strip())
        if lines:
            told = tuple(line for line in lines if _telling(line, *SOLUTION_LINE))
            whole = "\n".join(lines)
            task = marks(cell).get("grade_id")
            yield Secret(
                f"the solution of {task}", told, is_answer=True, whole=whole if len(_dense(whole)) >= 8 else ""
            )


def _suite(checks: Path) -> Iterator[Secret]:
    for path in sorted(checks.rglob("*.py")):
        lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        told = tuple(line for line in lines if _telling(line, *CHECK_LINE) and not _SHARED.match(line))
        yield Secret(f"the hidden suite ({path.name})", told)


def _private_names(course: Course, name: str) -> list[str]:
    files = {path.name for path in courses.checks_dir(course, name).rglob("*.py") if path.is_file()}
    return sorted(files - {"__init__.py", "conftest.py"})


def _telling(line: str, characters: int, tokens: int) -> bool:
    words = [word for word in _TOKEN.findall(line) if not keyword.iskeyword(word)]
    return len(_dense(line)) >= characters and len(words) >= tokens


def _dense(text: str) -> str:
    """`text` without white space: a solution that was only laid out anew is still the solution."""
    return "".join(text.split())


# ── where it could be ─────────────────────────────────────────────────────────────────────────────


def _cells(nb: dict[str, Any], file: str) -> Iterator[tuple[str, str, bool]]:
    """(place, text, whether it is code) of everything in a released notebook.  Raises GateError for what has no place in one."""
    if extra := set(nb["metadata"]) - NOTEBOOK_KEYS:
        raise GateError(f"{file} carries metadata of an editor: {', '.join(sorted(extra))}.", NOT_OURS)
    yield file, _strings(nb["metadata"]), False
    for number, cell in enumerate(nb["cells"], start=1):
        where = f"{file}, cell {number} ({cell.get('id')})"
        source = notebook.source_of(cell)
        if cell.get("outputs"):
            raise GateError(f"{where} has an output: {_beginning(_strings(cell['outputs']))}.", NOT_OURS)
        if cell.get("execution_count") is not None:
            raise GateError(f"{where} has an execution count: {cell['execution_count']}.", NOT_OURS)
        if cell.get("attachments"):
            raise GateError(
                f"{where} has an attachment: {', '.join(cell['attachments'])}", f"Put pictures into {DATA}/."
            )
        if extra := set(cell["metadata"]) - CELL_KEYS:
            raise GateError(f"{where} carries metadata of an editor: {', '.join(sorted(extra))}.", NOT_OURS)
        if any(word.strip("# ") in source for word in (BEGIN, END)):
            raise GateError(
                f"{where} still has the mark of a solution: {_beginning(source)}.",
                "Close the region in the source, and mark the cell as a solution.",
            )
        if re.search(r"%check\b.*--hidden", source):
            raise GateError(f"{where} asks for hidden checks: {_beginning(source)}", "Take the line out of the source.")
        yield where, source, cell.get("cell_type") == "code"
        yield where, _strings({**cell, "source": ""}), False


def _released_cells(manifest: dict[str, Any], file: str) -> Iterator[tuple[str, str, bool]]:
    for number, cell in enumerate(manifest["cells"], start=1):
        yield f"{file}, cell {number} ({cell['id']})", cell["source"], cell["cell_type"] == "code"
    yield file, _strings({**manifest, "cells": [{**cell, "source": ""} for cell in manifest["cells"]]}), False


def _announced(data: dict[str, Any], file: str) -> Iterator[tuple[str, str, bool]]:
    """Raises GateError for anything but names, topics and a reason for each task."""
    for task, one in data["tasks"].items():
        if set(one) != {"forbidden", "why", "topics"}:
            raise GateError(f"{file} says more of {task} than what it forbids and looks at.", NOT_OURS)
        names, topics = one["forbidden"], one["topics"]
        for text in (*(n for n in names if not NAME.fullmatch(n)), *(t for t in topics if not TOPIC.fullmatch(t))):
            raise GateError(f"{file}: {_beginning(text)} is no name and no topic of {task}.", NOT_OURS)
    if extra := set(data) - {"schema", "tasks"}:
        raise GateError(f"{file} holds something else: {', '.join(sorted(extra))}.", NOT_OURS)
    yield file, _strings(data), False


def _strings(value: object) -> str:
    """All text in a JSON value, keys included."""
    if isinstance(value, dict):
        return "\n".join(part for pair in value.items() for part in map(_strings, pair))
    if isinstance(value, list):
        return "\n".join(map(_strings, value))
    return value if isinstance(value, str) else ""


def _text_of(path: Path) -> str:
    """What a file says: the strings of a JSON file, any other file's bytes as text."""
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        return _strings(json.loads(text)) if path.suffix in {".json", ".ipynb"} else text
    except ValueError:
        return text


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else f"{line[:60]}…")
