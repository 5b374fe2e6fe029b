"""`%check --hidden`: the hidden suite on the notebook as it is saved, for those who have the suite.

A process of its own does what `autograder check --hidden` does: the notebook runs from a fresh start, in the sandbox, and the suite
never enters the kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError

from autograder import course as courses
from autograder.magic.live import Seen
from autograder.magic.table import Table
from autograder.model import Outcome, Task

SESSION = "JPY_SESSION_NAME"  # set by Jupyter: the path of the notebook that a kernel belongs to


@dataclass(frozen=True, slots=True, repr=False)  # the table's own
class Judged(Table):
    """What the hidden suite says of one notebook: a row for each task."""

    score: float = 0.0
    max_score: float = 0.0
    saved: str = ""

    @property
    def summary(self) -> str:
        return f"{self.assignment}: {self.score:g} of {self.max_score:g} points by the hidden checks"

    @property
    def notes(self) -> tuple[str, ...]:
        return (f"Judged was the notebook as it was saved at {self.saved}, run from a fresh start.",)


def judged(names: list[str], folder: Path) -> Judged:
    """The tasks called `names` (all, if there are none) of the notebook in `folder`, judged by its suite.

    Raises UsageError, in one line, where there is no suite, no such task, or the grader does not get to a verdict."""
    path = _notebook(folder)
    root = courses.find_root(path.parent)
    if root is None or not (path.parent / "checks").is_dir():
        raise UsageError("There are no hidden checks here: leave out --hidden.")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", str(path), "--hidden", "--json", "-", "--quiet"],
        env={**os.environ, "AUTOGRADER_COURSE": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stderr.strip().splitlines() or [f"the grader ended with {done.returncode}"])[-1]
    try:
        (report,) = json.loads(done.stdout)
    except ValueError:
        raise UsageError(said.removeprefix("autograder: ")) from None
    if report["status"] != "graded":
        raise UsageError(report["reason"] or said)
    tasks = [
        task
        for number, task in enumerate(report["tasks"], start=1)
        if not names or str(number) in names or _is_meant(task, names, report["assignment"])
    ]
    if not tasks:
        known = ", ".join(task["id"] for task in report["tasks"])
        raise UsageError(f"There is no task {names[0]!r} in {path.name}. There is: {known}.")
    return Judged(
        report["assignment"],
        tuple(_row(task) for task in tasks),
        score=sum(task["score"] for task in tasks),
        max_score=sum(task["points"] for task in tasks),
        saved=f"{datetime.fromtimestamp(path.stat().st_mtime).astimezone():%H:%M:%S}",
    )


def _notebook(folder: Path) -> Path:
    """The notebook that runs here: as Jupyter says, else the one that has its folder's name, as all of a course have."""
    path = Path(os.environ.get(SESSION, ""))
    path = path if path.suffix == ".ipynb" and path.is_file() else folder / f"{folder.name}.ipynb"
    return path.resolve()


def _is_meant(task: dict[str, Any], names: list[str], assignment: str) -> bool:
    """By its id, by its function, which is the id with underscores in nearly every task, or by the assignment."""
    return any(name == assignment or name.replace("_", "-") == task["id"].replace("_", "-") for name in names)


def _row(task: dict[str, Any]) -> Seen:
    failed = [check for check in task["checks"] if check["outcome"] not in {Outcome.PASSED, Outcome.SKIPPED}]
    lines = [f"{task['score']:g}/{task['points']:g}"]
    lines += [cause["message"] + (f"  Hint: {cause['hint']}" if cause["hint"] else "") for cause in task["causes"]]
    lost = Outcome.FAILED if task["causes"] else Outcome.PASSED  # a slip of form passes its checks
    outcome = Outcome(failed[0]["outcome"]) if failed else lost
    return Seen(
        Task(task["id"], task["title"], "", task["points"]), outcome, "\n".join([*lines, *filter(None, [task["note"]])])
    )
