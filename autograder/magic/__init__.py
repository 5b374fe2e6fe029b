"""`%check` inside a notebook: the visible tests on what has been run so far, as a small table.

    %load_ext autograder
    %check                     all tasks of this notebook
    %check softmax             one task, by its name, its function's or its number
    %check softmax --hidden    by the hidden suite, where there is one: in the course's own repository
    %%check                    at the top of a cell: run the cell, then check the functions that it defines

Which release a notebook belongs to is found beside it, in the folders around it, or in the installed checker, which carries the
manifests of all that was published with it: Colab has no file beside a notebook.  Needs nothing but IPython and what the notebook
itself imports, so that `pip install --no-deps` is enough there.  In a notebook that is graded these lines do nothing."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from autograder.magic import live
from autograder.magic.hidden import SESSION, judged
from autograder.magic.ran import Ran
from autograder.magic.table import Table
from autograder.model import Manifest, Task
from autograder.notebook.known import announced, known, limits
from autograder.notebook.text import assigned, functions

HIDDEN = "--hidden"
RAN_ONLY = "The cell has been run. It defines no function of a task, so nothing was checked: %check checks all tasks."
_WORDS = {"task", "tasks"}
"""What may stand before a number: `%check task 3`."""


def load_ipython_extension(shell: Any) -> None:
    """Makes `%check` and `%%check` known to `shell`."""

    def check(line: str, cell: str | None = None) -> None:
        """Runs the visible tests: `%check` all of them, `%check TASK …` some; `%%check` runs its cell first."""
        words = line.replace(",", " ").replace('"', " ").replace("'", " ").split()
        names = [word.lstrip("#") for word in words if word.casefold() not in _WORDS]
        if HIDDEN in names:
            if cell is not None:
                raise UsageError(
                    f"%%check runs its own cell: {HIDDEN} judges the notebook as saved. Write %check {line}"
                )
            display(judged([name for name in names if name != HIDDEN], Path.cwd()))
            return
        if cell is not None:
            if not shell.run_cell(cell).success:
                return  # IPython has shown why
            defined = [*functions(cell), *assigned(cell)]
            names = names or _of_tasks(shell.user_ns, defined)
            if not names:
                print(RAN_ONLY)  # noqa: T201 - the output of the cell
                return
        display(checked(shell.user_ns, names, ran=Ran.of(shell)))

    shell.register_magic_function(check, "line_cell")


def checked(
    namespace: dict[str, Any], names: list[str], *, folder: Path | None = None, ran: Ran | None = None
) -> Table:
    """The visible tests of the tasks called `names` (all, if there are none) on a notebook's globals.

    A name is a task's id, function or number, or an assignment's.  `ran` is what the kernel has run.  Raises UsageError, in one line, where
    there is nothing to check."""
    releases = _releases(folder or Path.cwd(), namespace)
    manifest, tasks = _asked_for([manifest for manifest, _ in releases], names)
    if not names and not _defined(manifest, namespace):
        raise UsageError(
            f"No task of {manifest.notebook} has been run in this kernel yet: run its cells from the top, then %check."
        )
    place = next(place for release, place in releases if release is manifest)
    told, allowed = announced(manifest.assignment, place), limits()
    rows: list[live.Seen] = []
    try:
        rows.extend(
            live.run(manifest, task, namespace, allowed, announced=told.get(task.id), ran=ran) for task in tasks
        )
    except KeyboardInterrupt:
        return Table(manifest.assignment, tuple(rows), stopped=True)
    return Table(manifest.assignment, tuple(rows))


def _releases(folder: Path, namespace: dict[str, Any]) -> list[tuple[Manifest, Path | None]]:
    """The releases that the notebook may belong to, the likeliest first: most of its functions live, then the name that Jupyter gives,
    then the nearest.  Raises UsageError where there is none, or nothing tells which."""
    releases = list(known(folder).values())
    if not releases:
        raise UsageError(
            "There is no manifest.json beside this notebook: keep it in the folder that it came in, or install the checker "
            "from the course's repository."
        )
    running = Path(os.environ.get(SESSION, "")).name
    releases.sort(key=lambda one: (-_defined(one[0], namespace), one[0].notebook != running))
    first, place = releases[0]
    certain = len(releases) == 1 or place == folder or first.notebook == running
    if not certain and not _defined(first, namespace):
        raise UsageError(
            "No task of any notebook has been run in this kernel yet: run the cells from the top, then %check."
        )
    return releases


def _defined(manifest: Manifest, namespace: dict[str, Any]) -> int:
    """How many functions of a release's tasks are live."""
    return sum(callable(namespace.get(task.function)) for task in manifest.tasks)


def _of_tasks(namespace: dict[str, Any], names: list[str]) -> list[str]:
    """Those of `names` that are functions of the likeliest release's tasks."""
    manifest, _ = _releases(Path.cwd(), namespace)[0]
    return [task.function for task in manifest.tasks if task.function in names]


def _asked_for(releases: list[Manifest], names: list[str]) -> tuple[Manifest, tuple[Task, ...]]:
    """The first release that has all tasks called `names`, and those tasks: all of them without names."""
    for manifest in releases if not any(name.isdecimal() for name in names) else releases[:1]:
        found = [_meant(manifest, name) for name in names]
        if all(found):
            tasks = tuple(dict.fromkeys(task for some in found for task in some))
            return manifest, tasks or manifest.tasks
    first = releases[0]
    wrong = next(name for name in names if not _meant(first, name))
    if wrong.isdecimal():
        raise UsageError(f"There is no task {wrong} in {first.notebook}: it has {len(first.tasks)}.")
    close = difflib.get_close_matches(wrong, [word for task in first.tasks for word in (task.id, task.function)], 1)
    hint = f"Did you mean {close[0]}?" if close else f"There is: {', '.join(task.id for task in first.tasks)}."
    raise UsageError(f"There is no task {wrong!r} in {first.notebook}. {hint}")


def _meant(manifest: Manifest, name: str) -> tuple[Task, ...]:
    """One task by its id, function or number, all of them by the assignment's name."""
    if name.isdecimal():
        return manifest.tasks[int(name) - 1 : int(name)] if int(name) else ()
    one = tuple(task for task in manifest.tasks if name in (task.id, task.function))
    return one or (manifest.tasks if name in (manifest.assignment, manifest.notebook) else ())
