"""`python -m tools.mutants [ASSIGNMENT…]`: do the hidden checks notice small wrong changes of the reference solutions?

Prints a row for each task and every survivor.  A survivor that is no mistake (it gives what the original gives wherever the contract
speaks) is listed with its reason in source/<name>/variants/mutants.toml and leaves the count.  Exit code 1 where fewer than 95 % of the others
are caught, or where a listed one is caught or has gone."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder import course as courses
from autograder import environment, notebook, variants
from autograder.model import Assignment, Course
from autograder.pool import judge_all
from autograder.release import load_source, source_manifest
from autograder.submitted import Job
from tools.mutations import Mutant, mutants

WANTED = 0.95


@dataclass(frozen=True, slots=True)
class Row:
    """A task: its mutants, those that no check noticed, and those among them that are no mistakes (change → reason)."""

    assignment: str
    task: str
    total: int
    survivors: tuple[Mutant, ...]
    excused: dict[str, str]

    @property
    def unexcused(self) -> list[Mutant]:
        return [one for one in self.survivors if one.change not in self.excused]

    @property
    def share(self) -> float:
        """The share of the mistakes that are caught."""
        mistakes = self.total - (len(self.survivors) - len(self.unexcused))
        return 1.0 if not mistakes else 1.0 - len(self.unexcused) / mistakes

    @property
    def stale(self) -> list[str]:
        """Excuses of mutants that are caught by now, or that are no longer made."""
        return sorted(set(self.excused) - {one.change for one in self.survivors})


def measure(course: Course, assignment: Assignment, *, task: str = "", processes: int = 1) -> list[Row]:
    """Judges every mutant of every task of an assignment (or of one `task`), each on its own task."""
    manifest = source_manifest(course, assignment)
    source = load_source(course, assignment.name)
    solutions = variants.answers(source, manifest)
    excuses = _excuses(courses.variants_dir(course, assignment.name) / "mutants.toml")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        jobs: dict[Job, tuple[str, Mutant]] = {}
        for task_id, answer in solutions.items():
            for mutant in mutants(answer) if task in {"", task_id} else ():
                path = Path(folder) / f"{len(jobs)}.ipynb"
                path.write_text(
                    notebook.canonical(variants.notebook_of(source, {task_id: mutant.source})), encoding="utf-8"
                )
                jobs[Job(path, "", None, (task_id,))] = task_id, mutant
        survivors: dict[str, list[Mutant]] = {task_id: [] for task_id in solutions}
        for done in judge_all(course, assignment, manifest, list(jobs), hidden=True, processes=processes):
            task_id, mutant = jobs[done.job]
            (score,) = done.judgement.report.tasks
            if score.score >= score.points:
                survivors[task_id].append(mutant)
    counts = {task_id: sum(one == task_id for one, _ in jobs.values()) for task_id in solutions}
    return [
        Row(assignment.name, one, counts[one], tuple(survivors[one]), excuses.get(one, {}))
        for one in solutions
        if task in {"", one}
    ]


def _excuses(path: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def show(rows: Iterable[Row], screen: Console) -> bool:
    """Prints the table and the survivors; True if all is as it should be."""
    rows = list(rows)
    table = Table(title="Mutants of the reference solutions", title_justify="left")
    for heading in ("assignment", "task", "mutants", "caught", "no mistake", "missed", "share"):
        table.add_column(heading, justify="left" if heading in {"assignment", "task"} else "right")
    for row in rows:
        missed = len(row.unexcused)
        numbers = (row.total, row.total - len(row.survivors), len(row.survivors) - missed, missed)
        table.add_row(row.assignment, row.task, *map(str, numbers), f"{row.share:.0%}")
    screen.print(table)
    for row in rows:
        for one in row.survivors:
            reason = row.excused.get(one.change, "MISSED")
            screen.print(f"{row.assignment}, {row.task}, line {one.line}: {one.change}\n    {reason}", markup=False)
        for name in row.stale:
            screen.print(f"{row.assignment}, {row.task}: {name!r} is listed and does not survive", markup=False)
    mistakes = sum(row.total - len(row.survivors) + len(row.unexcused) for row in rows)
    missed = sum(len(row.unexcused) for row in rows)
    share = 1 - missed / mistakes if mistakes else 1.0
    screen.print(f"{mistakes - missed} of {mistakes} mistakes caught: {share:.1%}")
    return share >= WANTED and not any(row.stale for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="A")
    parser.add_argument("--task", default="", metavar="T", help="only this task")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    environment.prepare()
    course = courses.load()
    rows = []
    for assignment in courses.pick(course, options.assignments):
        rows += measure(course, assignment, task=options.task, processes=options.jobs)
    return 0 if show(rows, Console(highlight=False, width=None if sys.stdout.isatty() else 120)) else 1


if __name__ == "__main__":
    sys.exit(main())
