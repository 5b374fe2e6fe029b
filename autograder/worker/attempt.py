"""One submission being run: its cells, and a fresh worker whenever the last one was lost."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping
from typing import Any, Self

from autograder import sandbox
from autograder.code.forbidden import reached
from autograder.model import CellError, Execution, Limits, Outcome, Role, Submission
from autograder.notebook.text import clean
from autograder.notebook.text import functions as defined
from autograder.worker.client import WarmParent
from autograder.worker.handle import OUT_OF_TIME, Answer, Lost, Wanted, Worker
from autograder.worker.oracle import Oracle
from autograder.worker.outputs import Ran

MAX_RESTARTS = 12
RESTARTS_PER_TASK = 6
_PLACE = re.compile(r" ?\(<ipython-input-[^>]*>, line (\d+)\)$")
"""How IPython ends what it says of a syntax error: by a file that nobody knows."""
RUN_ROLES = {Role.SETUP, Role.ANSWER, Role.CODE}


class Attempt:
    """Runs a submission's cells in a worker on first use, and again in a fresh one after a loss, without the cell that
    lost it.  A context manager; `execution()` and `outputs` tell what happened.

    Time is the submission's; `begin_task` keeps a part of it, and restarts, for the tasks that come later."""

    def __init__(
        self, parent: WarmParent, submission: Submission, limits: Limits, functions: Mapping[str, str] | None = None
    ) -> None:
        """`functions` are the tasks' by their ids: what they are right after their own cells is what is asked later (`worker.taken`)."""
        self._parent, self._limits = parent, limits
        self._wanted = _wanted(submission, functions or {})
        self._cells = [
            (cell.index, cell.source)
            for cell in submission.cells
            if cell.cell_type == "code" and cell.role in RUN_ROLES and cell.source.strip()
        ]
        self._setup = {cell.index for cell in submission.cells if cell.role is Role.SETUP}
        self._files = submission.files
        self._worker: Worker | None = None
        self._helpers: dict[str, Answer] = {}
        self._oracle: Oracle | None = None
        self._started = time.monotonic()
        self._end = self._until = self._started + limits.submission_seconds
        self._restarts, self._may_restart = 0, MAX_RESTARTS
        self._reserve = 0.0
        self._peak = 0
        self._truncated = self._killed = False
        self._layers: tuple[str, ...] = ()
        self._errors: dict[int, CellError] = {}
        self._lethal: set[int] = set()
        self.outputs: dict[int, list[dict[str, Any]]] = {}
        self.lost: dict[str, int] = {}
        """What later cells have taken away of what the answers define and use, and was put back: name → index of the cell."""

    def worker(self) -> Worker:
        """A live worker that has run the cells.  Raises Lost when the submission has used up its time or its restarts."""
        while self._worker is None or self._worker.closed:
            if time.monotonic() > self._until:
                raise Lost(Outcome.TIMEOUT, OUT_OF_TIME.format(self._limits.submission_seconds))
            if self._restarts > self._may_restart:
                raise Lost(Outcome.CRASHED, f"the process ended {self._restarts} times")
            self._restarts += 1
            self._killed = self.killed
            self._worker = self._parent.spawn(self._limits, self._end)
            self._layers = self._worker.layers
            self._run_cells(self._worker)
        self._worker.until = self._until
        return self._worker

    def begin_task(self, later: int) -> None:
        """The next task is about to be judged, `later` others will follow: however long it takes and however often it ends the
        process, each of them keeps a part of the time, and restarts of its own."""
        self._until, self._restarts, self._may_restart = self._end, 0, MAX_RESTARTS
        with contextlib.suppress(Lost):  # the task's first check will be told the same
            self.worker()
        if not self._reserve:
            self._reserve = self._limits.submission_seconds / (2 * (later + 1))
        least = min(self._end, time.monotonic() + self._limits.call_seconds)
        self._until = max(self._end - later * self._reserve, least)
        self._restarts, self._may_restart = 0, RESTARTS_PER_TASK

    def renew(self) -> None:
        """From now on in a fresh worker, in which no task has been judged."""
        self._drop()

    def use_helpers(self, helpers: dict[str, Answer]) -> None:
        """From now on, in a fresh worker, these functions are answered from the trusted side."""
        self._drop()
        self._helpers = helpers

    def _run_cells(self, worker: Worker) -> None:
        remaining = [cell for cell in self._cells if cell[0] not in self._lethal]
        sources = dict(remaining)
        done: list[int] = []

        def on_cell(ran: Ran) -> None:
            done.append(ran.cell)
            if ran.cell in self.outputs:
                return
            self.outputs[ran.cell] = ran.outputs
            if ran.error is not None:
                kind, message = str(ran.error.get("type", "Error"))[:100], str(ran.error.get("message", ""))[:500]
                self._errors[ran.cell] = CellError(ran.cell, clean(kind), clean(_placed(message, sources[ran.cell])))

        try:
            if self._files:
                worker.files(self._files)
            self._truncated |= worker.run(remaining, on_cell, self._wanted)
            self.lost = worker.lost
            if self._helpers:
                if self._oracle is None or self._oracle.closed:
                    self._oracle = Oracle(self._helpers, self._limits.call_seconds)
                worker.callbacks = self._oracle.answers()
                worker.helpers(self._helpers)
            self._setup_first(worker)
        except Lost as lost:
            self._note_peak(worker)
            culprit = next((index for index, _ in remaining if index not in done), None)
            if culprit in self._setup and self._setup_first(worker):
                return
            if culprit is None or culprit in self._setup & self.outputs.keys() or time.monotonic() >= self._end:
                raise  # a set-up that has worked before is not to blame for what ran out meanwhile
            self._lethal.add(culprit)
            kind = {Outcome.TIMEOUT: "Timeout", Outcome.MEMORY: "MemoryError"}.get(lost.outcome, "Crash")
            self._errors[culprit] = CellError(culprit, kind, f"the cell {lost}")
            self.outputs[culprit] = [
                {
                    "output_type": "error",
                    "ename": kind,
                    "evalue": f"the cell {lost}",
                    "traceback": [f"{kind}: the cell {lost}"],
                }
            ]

    def _setup_first(self, worker: Worker) -> bool:
        """Where a set-up cell failed below cells of the student's, which may have broken something: ends the worker, and the next one runs
        the set-up before everything else.  True if so.  What fails even then is ours (`checks.stopped.setup_fault`)."""
        ordered = sorted(self._cells, key=lambda cell: cell[0] not in self._setup)
        failed = any(
            index in self._errors or index not in self.outputs for index, _ in self._cells if index in self._setup
        )
        if not failed or ordered == self._cells:
            return False
        self._cells = ordered
        self._errors.clear()
        self._lethal.clear()
        self.outputs.clear()
        worker.close()
        return True

    def _note_peak(self, worker: Worker) -> None:
        self._peak = max(self._peak, worker.peak_memory_mb)

    def _drop(self) -> None:
        if self._worker is not None:
            self._note_peak(self._worker)
            self._killed = self.killed
            self._worker.close()
            self._worker = None
        if self._oracle is not None:
            self._oracle.close()
            self._oracle = None

    @property
    def killed(self) -> bool:
        """Whether a worker ended as if somebody had killed it."""
        return self._killed or (self._worker is not None and self._worker.killed)

    def execution(self) -> Execution:
        return Execution(
            seconds=round(time.monotonic() - self._started, 3),
            cells=len(self._cells),
            errors=tuple(self._errors[index] for index in sorted(self._errors)),
            output_truncated=self._truncated,
            peak_memory_mb=max(self._peak, self._worker.peak_memory_mb if self._worker else 0),
            sandbox=sandbox.grade_of(self._layers),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end = self._until = 0.0  # after a Ctrl-C the suite's thread may still be at it: it gets no other worker
        self._drop()


def _wanted(submission: Submission, functions: Mapping[str, str]) -> Wanted:
    """What must survive later cells: the tasks' functions, what they use, and what else their cells define."""
    sources = submission.code
    use = {function: reached(sources, function).keys() | {function} for function in functions.values()}
    answers = []
    for cell in submission.cells:
        if cell.task in functions and cell.role is not Role.TEST:
            answers.append((cell.index, functions[cell.task]))
            use[functions[cell.task]] |= set(defined(cell.source))
    return Wanted({function: sorted(names) for function, names in use.items()}, tuple(answers))


def _placed(message: str, source: str) -> str:
    """What a cell raised; of a syntax error with the line of the cell instead of IPython's name for it."""
    found = _PLACE.search(message)
    if not found:
        return message
    number, lines = int(found[1]), source.splitlines()
    code = f": `{lines[number - 1].strip()[:200]}`" if 0 < number <= len(lines) else ""
    return f"{message[: found.start()]} (line {number}{code})"
