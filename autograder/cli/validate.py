"""`autograder validate`: the matrix of known answers."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator

from rich.table import Table

from autograder import course as courses
from autograder import variants
from autograder.cli import show
from autograder.draws import SEEDS
from autograder.model import Course
from autograder.variants import Matrix

SIGNS = "·  passed   ✗  failed with every seed   2/4  failed with two of four"


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    failed = False
    data = []
    for assignment in courses.pick(course, options.assignments):
        sets = tuple(tuple(secrets.randbits(48) for _ in range(SEEDS)) for _ in range(options.fresh or 0))
        total = _runs(course, assignment.name, options.task or "", len(sets))
        with show.progress(f"Validating {assignment.name}", total, quiet=options.quiet) as advance:
            matrix = variants.validate(
                course,
                assignment,
                processes=options.jobs or os.cpu_count() or 1,
                task=options.task or "",
                sets=sets,
                on_done=advance,
            )
        data.append(_json(matrix))
        if options.json != "-":
            if not options.quiet:
                for table in _tables(matrix):
                    show.console().print(table)
                for warning in matrix.warnings:
                    show.console().print(f"! {warning}", markup=False)
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
    return sum(1 + SEEDS if one.kind in {"wrong", "form"} else 1 for one in known)


def _tables(matrix: Matrix) -> Iterator[Table]:
    """A table for each task: a row for each answer, a column for each check, and in the last row what each check has caught."""
    solution = next(v.report for v in matrix.verdicts if v.variant.kind == variants.SOLUTION)
    for task in solution.tasks:
        checks = list(dict.fromkeys(check.name for check in task.checks if not check.visible))
        rows = [row for row in matrix.rows if row.variant.task in {"", task.id}]
        if all(row.variant.task == "" for row in rows) and len(solution.tasks) > 1:
            continue  # with --task, the others
        title = f"{matrix.assignment}: {task.id} ({task.points:g} points)"
        seen, mistakes = matrix.seen(task.id)
        legend = "\n".join(
            [
                *(f"{number}  {name}" for number, name in enumerate(checks, start=1)),
                SIGNS,
                f"visible tests catch {seen} of {mistakes}",
            ]
        )
        table = show.open_table(title, "answer", legend=legend)
        for number in range(1, len(checks) + 1):
            table.add_column(str(number), justify="center")
        table.add_column("points", justify="right")
        table.add_column("", justify="left")
        for row in rows:
            signs = [_sign(row.failed.get((task.id, check))) for check in checks]
            least, most = row.points[task.id]
            earned = f"{least:g}" if least == most else f"{least:g}–{most:g}"
            name = row.variant.name.replace(f"/{task.id}/", "/")
            show.row(table, name, *signs, earned, "✗" if row.problem else "✓", end_section=row.ends_kind)
        show.row(table, "caught", *(str(matrix.caught(task.id, check)) for check in checks), "", "")
        yield table


def _sign(failed: variants.Failed | None) -> str:
    """Passed with every seed, failed with every seed, or with how many of them."""
    if failed is None or not failed.seeds:
        return ""
    if not failed.times:
        return "·"
    return "✗" if failed.times == failed.seeds else f"{failed.times}/{failed.seeds}"


def _json(matrix: Matrix) -> dict[str, object]:
    verdicts = [
        {
            "variant": v.variant.name,
            "set": v.group,
            "seed": v.seed,
            "score": v.report.score,
            "max_score": v.report.max_score,
            "problem": v.problem,
        }
        for v in matrix.verdicts
    ]
    rows = [
        {
            "variant": row.variant.name,
            "kind": row.variant.kind,
            "task": row.variant.task,
            "points": {task: list(span) for task, span in row.points.items()},
            "checks": [
                {"task": task, "check": check, "seeds": failed.seeds, "failed": failed.times}
                for (task, check), failed in row.failed.items()
            ],
            "visible": row.seen,
            "forms": list(row.forms),
            "problem": row.problem,
        }
        for row in matrix.rows
    ]
    return {
        "assignment": matrix.assignment,
        "matrix": rows,
        "visible": {task: dict(zip(("caught", "of"), matrix.seen(task), strict=True)) for task in matrix.points},
        "verdicts": verdicts,
        "problems": list(matrix.problems),
        "warnings": list(matrix.warnings),
    }
