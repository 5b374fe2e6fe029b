"""`autograder validate`: the matrix of known answers."""

from __future__ import annotations

import argparse
import os
import secrets

from rich.table import Table

from autograder import course as courses
from autograder import variants
from autograder.cli import show
from autograder.judge import SEEDS
from autograder.model import Course
from autograder.variants import Matrix


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    failed = False
    data = []
    for assignment in courses.pick(course, options.assignments):
        seeds = tuple(secrets.randbits(48) for _ in range(options.fresh or 0))
        total = _runs(course, assignment.name, options.task or "", len(seeds))
        with show.progress(f"Validating {assignment.name}", total, quiet=options.quiet) as advance:
            matrix = variants.validate(
                course,
                assignment,
                processes=options.jobs or os.cpu_count() or 1,
                task=options.task or "",
                seeds=seeds,
                on_done=advance,
            )
        data.append(_json(matrix))
        if options.json != "-":
            if not options.quiet:
                show.console().print(_table(matrix))
            for problem in matrix.problems:
                show.console().print(f"✗ {problem}", markup=False)
            if not options.quiet and not matrix.problems:
                show.console().print(f"✓ {assignment.name}: every answer is judged as it should be")
        failed |= bool(matrix.problems)
    show.write_json(data, options.json)
    return 1 if failed else 0


def _runs(course: Course, assignment: str, task: str, fresh: int) -> int:
    known = [one for one in variants.variants(course, assignment) if not task or one.task in {"", task}]
    if fresh:
        return fresh * len(known)
    return sum(SEEDS if one.kind == "wrong" else 1 for one in known)


def _table(matrix: Matrix) -> Table:
    """A row for each task: how many right variants got full points, how many wrong ones were caught."""
    table = Table(title=f"{matrix.assignment}: known answers", title_justify="left")
    for heading in ("task", "right: full points", "wrong: caught (every seed)"):
        table.add_column(heading, justify="left" if heading == "task" else "right")
    for name in ("solution", "stub"):
        verdict = next(v for v in matrix.verdicts if v.variant.kind == name)
        table.add_row(name, f"{verdict.report.score:g}/{verdict.report.max_score:g}", "")
    for task in dict.fromkeys(v.variant.task for v in matrix.verdicts if v.variant.task):
        counts = []
        for kind in ("right", "wrong"):
            names = {v.variant.name for v in matrix.verdicts if v.variant.task == task and v.variant.kind == kind}
            bad = {v.variant.name for v in matrix.verdicts if v.problem and v.variant.name in names}
            counts.append(f"{len(names) - len(bad)}/{len(names)}")
        table.add_row(task, *counts)
    return table


def _json(matrix: Matrix) -> dict[str, object]:
    verdicts = [
        {
            "variant": v.variant.name,
            "seed": v.seed,
            "score": v.report.score,
            "max_score": v.report.max_score,
            "problem": v.problem,
        }
        for v in matrix.verdicts
    ]
    return {"assignment": matrix.assignment, "verdicts": verdicts, "problems": list(matrix.problems)}
