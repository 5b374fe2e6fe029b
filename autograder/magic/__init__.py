"""`%check` inside a notebook: the visible tests on what has been run so far, as a small table.

    %load_ext autograder
    %check                     all tasks of this notebook
    %check softmax             one task, by its name or its function's
    %check softmax --hidden    by the hidden suite, where there is one: in the course's own repository
    %%check                    at the top of a cell: run the cell, then check the functions that it defines

Which release a notebook belongs to is found beside it, in the folders around it, or in the installed checker, which carries the
manifests of all that was published with it: Colab has no file beside a notebook.  Needs nothing but IPython and what the notebook
itself imports, so that `pip install --no-deps` is enough there.  In a notebook that is graded these lines do nothing."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from autograder.magic import live
from autograder.magic.hidden import judged
from autograder.magic.table import Table
from autograder.model import Manifest, Task
from autograder.notebook.known import known, limits
from autograder.notebook.text import functions

HIDDEN = "--hidden"


def load_ipython_extension(shell: Any) -> None:
    """Makes `%check` and `%%check` known to `shell`."""

    def check(line: str, cell: str | None = None) -> None:
        """Runs the visible tests: `%check` all of them, `%check TASK …` some; `%%check` runs its cell first."""
        names = line.replace(",", " ").replace('"', " ").replace("'", " ").split()
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
            names = names or functions(cell)
        display(checked(shell.user_ns, names, guess=cell is not None))

    shell.register_magic_function(check, "line_cell")


def checked(namespace: dict[str, Any], names: list[str], *, folder: Path | None = None, guess: bool = False) -> Table:
    """The visible tests of the tasks called `names` (all, if there are none) on a notebook's globals.

    With `guess`, names that are no task's are passed over.  Raises UsageError, in one line, where there is nothing to check."""
    releases = [manifest for manifest, _ in known(folder or Path.cwd()).values()]
    if not releases:
        raise UsageError(
            "There is no manifest.json beside this notebook: keep it in the folder that it came in, or install the checker "
            "from the course's repository."
        )
    manifest, tasks = _asked_for(releases, names, namespace, guess=guess)
    rows: list[live.Seen] = []
    allowed = limits()
    try:
        rows.extend(live.run(manifest, task, namespace, allowed) for task in tasks)
    except KeyboardInterrupt:
        return Table(manifest.assignment, tuple(rows), stopped=True)
    return Table(manifest.assignment, tuple(rows))


def _asked_for(
    releases: list[Manifest], names: list[str], namespace: dict[str, Any], *, guess: bool
) -> tuple[Manifest, tuple[Task, ...]]:
    """The release that the notebook belongs to, and its tasks that are meant; of several, the one most of whose functions are there."""
    releases = sorted(releases, key=lambda one: -sum(callable(namespace.get(task.function)) for task in one.tasks))
    if guess:
        every = {word for one in releases for task in one.tasks for word in (task.id, task.function)}
        names = [name for name in names if name in every]
    for manifest in releases:
        found = [_meant(manifest, name) for name in names]
        if all(found):
            tasks = tuple(dict.fromkeys(task for some in found for task in some))
            return manifest, tasks or manifest.tasks
    known_names = [task.id for task in releases[0].tasks]
    wrong = next(name for name in names if not _meant(releases[0], name))
    close = difflib.get_close_matches(wrong, known_names, 1)
    hint = f"Did you mean {close[0]}?" if close else f"There is: {', '.join(known_names)}."
    raise UsageError(f"There is no task {wrong!r} in {releases[0].notebook}. {hint}")


def _meant(manifest: Manifest, name: str) -> tuple[Task, ...]:
    """One task by its id or function, all of them by the assignment's name."""
    one = tuple(task for task in manifest.tasks if name in (task.id, task.function))
    return one or (manifest.tasks if name in (manifest.assignment, manifest.notebook) else ())
