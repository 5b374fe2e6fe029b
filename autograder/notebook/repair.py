"""Puts a student's cells into the shape of the release.

The student's are the answers and every other piece of code that they wrote.  Set-up and tests are the manifest's, so
that no tag, no edit and no lost metadata changes what is asked.  Every repair is one sentence for the student."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.model import Cell, Manifest, ReleasedCell, Role
from autograder.notebook.cells import Found
from autograder.notebook.match import Pairs, match, match_answers
from autograder.notebook.text import functions, is_only_stub, normal, provides, unanswered

# Tags that Jupyter tools obey and the grader does not.
IGNORED_TAGS = {"skip-execution", "raises-exception"}


@dataclass(frozen=True, slots=True)
class Repaired:
    """`answered`: ids of the tasks that have a cell.  `recognised`: whether any cell is one of the release."""

    cells: tuple[Cell, ...]
    repairs: tuple[str, ...]
    flags: tuple[str, ...]
    answered: frozenset[str]
    recognised: bool


def repair(cells: list[Found], manifest: Manifest) -> Repaired:
    """The student's cells with their roles, the manifest's tests and set-up, and what was done to them."""
    pairs = match(cells, manifest)
    answers = match_answers(cells, pairs, manifest)
    work = _Work(cells, manifest, pairs, answers)
    placed: list[Cell] = []
    for at, cell in enumerate(cells):
        placed += work.place(at, cell)
    placed = work.with_setup(placed)
    placed = work.with_tests(placed)
    work.note_marks()
    work.note_answers()
    return Repaired(
        cells=tuple(replace(cell, index=index) for index, cell in enumerate(placed)),
        repairs=tuple(dict.fromkeys(work.repairs)),
        flags=tuple(dict.fromkeys(work.flags)),
        answered=frozenset(answers),
        recognised=bool(pairs or answers),
    )


class _Work:
    """One repair under way: the notebook, what was recognised in it, and the sentences so far."""

    def __init__(self, cells: list[Found], manifest: Manifest, pairs: Pairs, answers: dict[str, int]) -> None:
        self.cells = cells
        self.manifest = manifest
        self.pairs = pairs
        self.answers = answers
        self.task_at: dict[int, str] = {}
        for task, at in answers.items():
            self.task_at.setdefault(at, task)
        self.stubs = {cell.task: normal(cell.source) for cell in manifest.cells if cell.role is Role.ANSWER}
        self.function = {task.id: task.function for task in manifest.tasks}
        self.repairs: list[str] = []
        self.flags: list[str] = []

    # ── one cell ──────────────────────────────────────────────────────────────────────────────────

    def place(self, at: int, cell: Found) -> list[Cell]:
        """What becomes of the student's cell number `at`: usually one cell, two where theirs and ours must both run."""
        if at in self.task_at:
            self._note_tags(cell, self.task_at[at])
            return [self._answer(self.task_at[at], cell)]
        if at not in self.pairs:
            return self._other(at, cell)
        released = self.manifest.cells[self.pairs[at]]
        if released.role in (Role.SETUP, Role.TEST):
            self._note_tags(cell, released.grade_id)
            return self._locked(released, cell)
        if released.role is Role.DEMO and self._adds(cell, released):
            self.repairs.append(
                f"A picture cell was changed to define {self._named(cell, released)}: it is run like any other code."
            )
            return [_theirs(cell, Role.CODE, released.grade_id)]
        role = released.role if cell.is_code == (released.cell_type == "code") else _plain(cell)
        return [_theirs(cell, role, released.grade_id)]

    def _answer(self, task: str, cell: Found) -> Cell:
        if not cell.is_code:
            self.flags.append(
                f"The answer of {task} is a {cell.cell_type} cell: it does not run and counts as not attempted."
            )
        elif cell.is_blank:
            self.repairs.append(f"The answer cell of {task} is empty: it counts as not attempted.")
        return _theirs(cell, Role.ANSWER, task, task)

    def _other(self, at: int, cell: Found) -> list[Cell]:
        """Code and text that the release does not know: helpers, experiments, copies of released cells."""
        if not cell.is_code:
            return [_theirs(cell, Role.TEXT)]
        copied = next((c for c in self.manifest.cells if c.grade_id and c.grade_id == cell.grade_id), None)
        if copied and copied.role in (Role.SETUP, Role.TEST) and not self._adds(cell, copied):
            self.repairs.append(f"A second copy of the cell {copied.grade_id} was left out.")
            return []
        task = next((task for task in self.stubs if self._is_stub(cell.source, task)), "")
        if task and self.answers.get(task, at) < at:
            self.repairs.append(
                f"{self.function[task]} is answered above a cell that still holds the empty task: the empty one is not run."
            )
            return [replace(_theirs(cell, Role.TEXT), cell_type="raw")]
        self._note_tags(cell, "your own code")
        return [_theirs(cell, Role.CODE, task=cell.grade_id if cell.grade_id in self.stubs else "")]

    def _is_stub(self, source: str, task: str) -> bool:
        """Whether a cell is the untouched task; strings around it, an old attempt perhaps, do nothing."""
        untouched = is_only_stub(source) and unanswered(source, self.function[task])
        return normal(source) == self.stubs[task] or untouched

    def _locked(self, released: ReleasedCell, cell: Found) -> list[Cell]:
        """A set-up or test cell: the manifest's.  What the student's version adds for later cells is kept as code."""
        ours = _ours(released)
        if cell.is_code and normal(cell.source) == normal(released.source):
            return [ours if released.role is Role.TEST else replace(ours, outputs=cell.outputs)]
        what = "set-up cell" if released.role is Role.SETUP else f"test cell of {released.task}"
        if not cell.is_code:
            self.repairs.append(f"The {what} had been turned into {cell.cell_type}: the released one is used.")
            return [ours]
        if released.role is Role.SETUP and not cell.is_blank:
            self.repairs.append(f"The {what} was edited: the released one is run first, then yours.")
            return [ours, _theirs(cell, Role.CODE)]
        if self._adds(cell, released):
            self.repairs.append(
                f"The {what} was edited to define {self._named(cell, released)}: your version is run as ordinary code, "
                "and the released one is the test."
            )
            return [_theirs(cell, Role.CODE), ours]
        self.repairs.append(f"The {what} was edited: the released one is used.")
        return [ours]

    @staticmethod
    def _adds(cell: Found, released: ReleasedCell) -> set[str]:
        return provides(cell.source) - provides(released.source)

    def _named(self, cell: Found, released: ReleasedCell) -> str:
        return ", ".join(sorted(name[:60] for name in self._adds(cell, released))[:3])

    # ── the whole notebook ────────────────────────────────────────────────────────────────────────

    def with_setup(self, placed: list[Cell]) -> list[Cell]:
        """Set-up cells that are missing, or that stand below an answer, go to the front of the code."""
        for released in reversed([cell for cell in self.manifest.cells if cell.role is Role.SETUP]):
            where = next(
                (i for i, c in enumerate(placed) if c.role is Role.SETUP and c.grade_id == released.grade_id), None
            )
            first = next((i for i, c in enumerate(placed) if c.role is Role.ANSWER), len(placed))
            if where is None:
                self.repairs.append("The set-up cell was missing: the released one is run first.")
                placed = _inserted(placed, _first_code(placed), _ours(released))
            elif where > first:
                self.repairs.append("The set-up cell stood below an answer: it is run first.")
                moved = placed[where]
                placed = placed[:where] + placed[where + 1 :]
                placed = _inserted(placed, _first_code(placed), moved)
        return placed

    def with_tests(self, placed: list[Cell]) -> list[Cell]:
        """Test cells that are missing follow their task's answer; at the end, where there is no answer either."""
        for released in self.manifest.cells:
            if released.role is not Role.TEST or any(c.role is Role.TEST and c.task == released.task for c in placed):
                continue
            self.repairs.append(f"The test cell of {released.task} was missing: the released one is used.")
            at = next(
                (i + 1 for i, c in enumerate(placed) if c.role is Role.ANSWER and c.task == released.task), len(placed)
            )
            placed = _inserted(placed, at, _ours(released))
        return placed

    def note_marks(self) -> None:
        """One sentence for all cells that had lost their grade_id, however many."""
        lost = [
            self.manifest.cells[place].grade_id
            for at, place in self.pairs.items()
            if self.cells[at].grade_id != self.manifest.cells[place].grade_id != ""
        ]
        lost += [task for task, at in self.answers.items() if self.cells[at].grade_id != task and self._alone(task, at)]
        if lost:
            shown = ", ".join(lost[:4]) + (f" and {len(lost) - 4} more" if len(lost) > 4 else "")
            self.repairs.append(
                f"The grader's marks were missing on {shown}: recognised by function name, content and order."
            )

    def _alone(self, task: str, at: int) -> bool:
        """Whether `at` is the task's only trace: not where the cell with the task's grade_id is there as well."""
        return self.task_at[at] == task and not any(cell.grade_id == task for cell in self.cells)

    def note_answers(self) -> None:
        """Answers that are missing, shared, split or given more than once."""
        for task in self.manifest.tasks:
            at = self.answers.get(task.id)
            if at is None:
                self.repairs.append(f"There is no cell with an answer to {task.id}: it counts as not attempted.")
                continue
            if self.task_at[at] != task.id:
                self.repairs.append(f"{task.function} was found in the cell of {self.task_at[at]}.")
            places = [i for i, cell in enumerate(self.cells) if cell.is_code and i not in self.pairs]
            written = [
                i
                for i in places
                if task.function in functions(self.cells[i].source)
                and normal(self.cells[i].source) != self.stubs[task.id]
                and not unanswered(self.cells[i].source, task.function)
            ]
            pieces = [i for i in places if self.cells[i].grade_id == task.id]
            if len(written) > 1:
                self.repairs.append(f"{task.function} is defined in {len(written)} cells: the last one counts.")
            elif len(pieces) > 1:
                self.repairs.append(f"The answer of {task.id} is spread over {len(pieces)} cells: all of them are run.")
            elif pieces and at not in pieces and self.task_at[at] == task.id:
                self.repairs.append(f"{task.function} was found in another cell than its own.")

    def _note_tags(self, cell: Found, where: str) -> None:
        ignored = IGNORED_TAGS | {"demo"}
        for tag in cell.tags:
            if tag in ignored:
                self.repairs.append(f"The tag {tag!r} on {where} has no effect here.")


def lost_names(cells: tuple[Cell, ...], lost: Mapping[str, int], functions: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each cell that has taken away what answers define or use: `lost` is name → index of the cell.

    What they say comes from the student's process; it changes no points."""
    sentences = []
    tasks = set(functions)
    for index in sorted(set(lost.values())):
        cell = next((cell for cell in cells if cell.index == index), None)
        names = sorted((name for name, at in lost.items() if at == index), key=lambda name: (name not in tasks, name))
        if cell is None or not names:
            continue
        shown = ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        line = _losing_line(cell.source, names[0])
        kept = (
            "the function of its answer cell is judged"
            if names[0] in tasks
            else "it was put back for the answers that use it"
        )
        if len(names) > 1:
            kept = "what their own cells defined is judged"
        sentences.append(f"Cell {index + 1} (`{line}`) replaced or deleted {shown}: {kept}.")
    return tuple(sentences)


def _losing_line(source: str, name: str) -> str:
    """The last line that binds `name` anew, or the first line of all."""
    lines = [line.strip() for line in source.splitlines() if line.strip()] or [""]
    bound = re.compile(rf"\b{re.escape(name)}\b(?!\s*\()|\bimport \*|%reset")
    return next((line for line in reversed(lines) if bound.search(line)), lines[0])[:60]


def _theirs(cell: Found, role: Role, grade_id: str = "", task: str = "") -> Cell:
    return Cell(0, role, cell.cell_type, cell.source, grade_id, task, cell.outputs)


def _ours(released: ReleasedCell) -> Cell:
    return Cell(0, released.role, released.cell_type, released.source, released.grade_id, released.task)


def _plain(cell: Found) -> Role:
    return Role.CODE if cell.is_code else Role.TEXT


def _first_code(placed: list[Cell]) -> int:
    return next((i for i, cell in enumerate(placed) if cell.cell_type == "code"), len(placed))


def _inserted(placed: list[Cell], at: int, cell: Cell) -> list[Cell]:
    return [*placed[:at], cell, *placed[at:]]
