"""What a new release changes, in words, and whose work it touches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder import files
from autograder.model import Manifest, ReleasedCell, Role, Task
from autograder.release import place
from autograder.release.source import DATA
from autograder.words import plural

NAMED = 5
"""Of more students than these, the first are named and the others counted."""
_WHAT = {
    Role.TEXT: "the text",
    Role.SETUP: "the set-up cell",
    Role.DEMO: "the picture cell",
    Role.CODE: "the code cell",
}


def changes(
    old: Manifest | None, new: Manifest, old_files: Mapping[str, str], new_files: Mapping[str, str]
) -> list[str]:
    """The differences between two releases, a clause each, in the order tasks, cells, files, models; [] for none.

    The files are those beside notebook and manifest, path → digest.  Without `old`, everything is new."""
    if old is None:
        return [f"first release: {plural(len(new.tasks), 'task')}, {new.max_score:g} points"]
    found = [*_tasks(old.tasks, new.tasks), *_cells(old, new), *_files(old_files, new_files)]
    found += [f"needs the model {name}" for name in new.models if name not in old.models]
    found += [f"needs the model {name} no longer" for name in old.models if name not in new.models]
    if old.title != new.title:
        found.append(f"the title is “{new.title}”, not “{old.title}”")
    return found


def touched(old: Manifest | None, new: Manifest, students: Sequence[str]) -> str:
    """Whose work a change of tasks, points, set-up or visible tests touches, in a sentence; "" where it touches nobody's.

    Prose, pictures and stubs count for no grade."""
    if old is None or not students or _graded_by(old) == _graded_by(new):
        return ""
    shown = ", ".join([*students[:NAMED], *(["…"] if len(students) > NAMED else [])])
    verb = "has" if len(students) == 1 else "have"
    return (
        f"{plural(len(students), 'student')} {verb} handed in {new.assignment} ({shown}): "
        f"grade it again: autograder grade {new.assignment}"
    )


def digests(folder: Path) -> dict[str, str]:
    """Path → sha256 of the data files of a release; {} where there is no such folder."""
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.below(folder)
        if name.startswith(f"{DATA}/")
    }


def differing(expected: Path, found: Path) -> list[str]:
    """What of the folder `found` differs from `expected`: a clause for each file, naming the cell where it can."""
    ours, theirs = place.listing(expected), place.listing(found)
    result = [f"{name} is missing" for name in ours if name not in theirs]
    result += [f"{name} does not belong there" for name in theirs if name not in ours]
    for name in (name for name in ours if name in theirs):
        wanted, got = (expected / name).read_bytes(), (found / name).read_bytes()
        if wanted != got:
            result.append(f"{name} differs{_where(wanted, got) if name.endswith('.ipynb') else ''}")
    return result


def _where(wanted: bytes, got: bytes) -> str:
    try:
        ours, theirs = json.loads(wanted)["cells"], json.loads(got)["cells"]
        pairs = list(zip(ours, theirs, strict=False))
        first = next((n for n, (a, b) in enumerate(pairs, start=1) if a != b), None)
        if first is not None:
            return f" at cell {first} ({ours[first - 1].get('id')})"
        return f" in its number of cells ({len(theirs)}, not {len(ours)})" if len(ours) != len(theirs) else ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ": it is no notebook any more"


def _graded_by(manifest: Manifest) -> object:
    """What of a release a grade depends on."""
    cells = [(cell.task, cell.source) for cell in manifest.cells if cell.role in {Role.SETUP, Role.TEST}]
    return {(task.id, task.function, task.points) for task in manifest.tasks}, cells, manifest.models


# ── tasks ─────────────────────────────────────────────────────────────────────────────────────────


def _tasks(old: Sequence[Task], new: Sequence[Task]) -> Iterator[str]:
    before, after = {task.id: task for task in old}, {task.id: task for task in new}
    gone = [task for task in old if task.id not in after]
    come = [task for task in new if task.id not in before]
    for task in come:
        if former := next((one for one in gone if one.function == task.function), None):
            gone.remove(former)
            yield f"task {former.id} is now called {task.id}"
            yield from _task(former, task)
        else:
            yield f"task {task.id} added ({task.points:g} points)"
    yield from (f"task {task.id} removed ({task.points:g} points)" for task in gone)
    for task in new:
        if task.id in before:
            yield from _task(before[task.id], task)
    kept = [task.id for task in old if task.id in after]
    if kept != [task.id for task in new if task.id in before]:
        yield f"the tasks come in another order: {', '.join(after)}"
    if (was := sum(task.points for task in old)) != (now := sum(task.points for task in new)):
        yield f"{now:g} points in all, not {was:g}"


def _task(old: Task, new: Task) -> Iterator[str]:
    if old.points != new.points:
        yield f"{new.id}: {new.points:g} points, not {old.points:g}"
    if old.function != new.function:
        yield f"{new.id}: asks for {new.function}(), not {old.function}()"
    if old.title != new.title:
        yield f"{new.id}: the title is “{new.title}”, not “{old.title}”"


# ── cells and files ───────────────────────────────────────────────────────────────────────────────


def _cells(old: Manifest, new: Manifest) -> Iterator[str]:
    """Changed, added and removed cells; those of tasks that were added or removed are theirs to tell."""
    both = {task.id for task in old.tasks} & {task.id for task in new.tasks}
    before = {_key(cell): cell for cell in old.cells}
    after = {_key(cell): (number, cell) for number, cell in enumerate(new.cells, start=1)}
    for key, (number, cell) in after.items():
        if cell.task and cell.task not in both:
            continue
        where = f"{_what(cell)} (cell {number}, {key})"
        if key not in before:
            yield f"{where} added"
        elif before[key].source != cell.source or before[key].cell_type != cell.cell_type:
            yield f"{where} changed"
        elif before[key].role is not cell.role:
            yield f"{where} was {_what(before[key])}"
    for number, cell in enumerate(old.cells, start=1):
        if _key(cell) not in after and (not cell.task or cell.task in both):
            yield f"{_what(cell)} (cell {number} of the last release, {_key(cell)}) removed"
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield "the cells come in another order"


def _key(cell: ReleasedCell) -> str:
    return cell.grade_id or cell.id


def _what(cell: ReleasedCell) -> str:
    if cell.role is Role.ANSWER:
        return f"the stub of {cell.task}"
    return f"the visible test of {cell.task}" if cell.role is Role.TEST else _WHAT[cell.role]


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[str]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield f"{name} added"
        elif name not in new:
            yield f"{name} removed"
        elif old[name] != new[name]:
            yield f"{name} changed"
