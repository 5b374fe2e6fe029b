"""`python -m tools.proof [ASSIGNMENT…]`: what the hidden checks are worth, measured, into docs/proof.md and docs/points.md.

Every known answer is judged with fresh sets of seeds, and every mutant of the solutions once.  What was measured is kept in
docs/proof.json, so that one assignment can be measured anew without the others.  Exit code 1 where an answer did not get what it is worth."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder import course as courses
from autograder import environment, files, variants
from autograder.draws import SEEDS
from autograder.model import Assignment, Course, Task
from autograder.release import source_manifest
from autograder.variants import Matrix
from autograder.words import plural
from tools import mutants

SETS = 3
KEPT = Path("docs/proof.json")
PROOF, POINTS = Path("docs/proof.md"), Path("docs/points.md")
Measured = dict[str, Any]


def measure(course: Course, assignment: Assignment, *, sets: int, processes: int) -> Measured:
    """What the known answers of an assignment got over `sets` fresh sets of seeds, and how many mutants were caught, as plain data."""
    drawn = tuple(tuple(secrets.randbits(48) for _ in range(SEEDS)) for _ in range(sets))
    matrix = variants.validate(course, assignment, processes=processes, sets=drawn)
    rows = {row.task: row for row in mutants.measure(course, assignment, processes=processes)}
    tasks = source_manifest(course, assignment).tasks
    return {
        "title": assignment.title,
        "seeds": sets * SEEDS,
        "tasks": [measured_task(matrix, task, rows[task.id]) for task in tasks],
        "problems": list(matrix.problems),
    }


def measured_task(matrix: Matrix, task: Task, mutated: mutants.Row) -> Measured:
    seen, mistakes = matrix.seen(task.id)
    found = [row for row in matrix.rows if row.variant.task == task.id]
    return {
        "id": task.id,
        "points": task.points,
        "visible": [seen, mistakes],
        "mutants": {
            "caught": mutated.total - len(mutated.survivors),
            "no_mistake": len(mutated.survivors) - len(mutated.unexcused),
            "missed": len(mutated.unexcused),
        },
        "answers": [
            {
                "name": row.variant.name,
                "kind": row.variant.kind,
                "says": row.variant.says or row.variant.name.rpartition("/")[2].replace("_", " "),
                "points": list(row.points[task.id]),
                "visible": row.seen,
            }
            for row in found
        ],
    }


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────


def proof_page(measured: dict[str, Measured]) -> str:
    """docs/proof.md: what was tried on each assignment, and what lost or kept points that it should not."""
    lines = [
        "# Proof", "",
        "What the hidden checks are worth, measured: answers whose worth is known, and small changes of the solutions (mutants), were",
        "judged as a class is. `make proof` writes this page and [what typical answers get](points.md); no number is typed by hand.",
        "", "| assignment | seeds | right | lost a point | wrong | kept all | form | outside 60–90 % | mutants | missed | visible tests catch |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for name, one in measured.items():
        lines.append(f"| {' | '.join([name, str(one['seeds']), *_counts(one['tasks'])])} |")
    for name, one in measured.items():
        lines += [
            "", f"## {name}", "",
            "| task | right | lost a point | wrong | kept all | form | outside 60–90 % | mutants | missed | visible tests catch |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]  # fmt: skip
        lines += [f"| {' | '.join([task['id'], *_counts([task])])} |" for task in one["tasks"]]
        lines += [
            "",
            "Nothing lost or kept points that it should not."
            if not one["problems"]
            else "What is not as it should be:",
        ]
        lines += [*([""] if one["problems"] else []), *(f"- {problem}" for problem in one["problems"])]
    return "\n".join([*lines, ""])


def points_page(measured: dict[str, Measured]) -> str:
    """docs/points.md: what each known answer keeps of its task's points, the best first."""
    lines = [
        "# What typical answers get", "",
        "The share of a task's points that each known wrong answer keeps, as `make proof` measured it. Right answers keep all.",
        "A range stands where the share depends on the secret seeds. [How many were tried](proof.md).",
    ]  # fmt: skip
    for name, one in measured.items():
        lines += ["", f"## {name}"]
        for task in one["tasks"]:
            right = sum(answer["kind"] == "right" for answer in task["answers"])
            lines += ["", f"### {task['id']} ({plural(task['points'], 'point').replace('.0 ', ' ')})", ""]
            lines += [
                "| answer | keeps | a visible test fails |",
                "|---|--:|---|",
                f"| {plural(right, 'right answer')} | 100 % | |",
            ]
            wrong = [answer for answer in task["answers"] if answer["kind"] in {"wrong", "form"}]
            for answer in sorted(
                wrong, key=lambda answer: (-answer["points"][1], -answer["points"][0], answer["name"])
            ):
                said = answer["says"].replace("|", "\\|")
                form = " (form only)" if answer["kind"] == "form" else ""
                lines.append(f"| {said}{form} | {_share(answer, task)} | {'yes' if answer['visible'] else 'no'} |")
    return "\n".join([*lines, ""])


def _counts(tasks: list[Measured]) -> list[str]:
    """The cells of a row on `tasks` together."""
    answers = [(answer, task["points"]) for task in tasks for answer in task["answers"]]
    right = [(answer["points"][0], points) for answer, points in answers if answer["kind"] == "right"]
    wrong = [(answer["points"][1], points) for answer, points in answers if answer["kind"] == "wrong"]
    form = [(answer["points"], points) for answer, points in answers if answer["kind"] == "form"]
    least, most = variants.FORM_SHARE
    outside = sum(not (least * points <= low and high <= most * points) for (low, high), points in form)
    caught = sum(task["mutants"]["caught"] for task in tasks)
    missed = sum(task["mutants"]["missed"] for task in tasks)
    seen, of = (sum(task["visible"][place] for task in tasks) for place in (0, 1))
    numbers = (
        len(right), sum(got < points for got, points in right), len(wrong), sum(got >= points for got, points in wrong),
        len(form), outside, caught + missed, missed,
    )  # fmt: skip
    return [*map(str, numbers), f"{seen} of {of} ({100 * seen / of:.0f} %)" if of else "none"]


def _share(answer: Measured, task: Measured) -> str:
    least, most = (f"{100 * points / task['points']:.0f}" for points in answer["points"])
    return f"{least} %" if least == most else f"{least}–{most} %"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.proof", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="A")
    parser.add_argument("--sets", type=int, default=SETS, metavar="N", help=f"of {SEEDS} fresh seeds (default: {SETS})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    environment.prepare()
    course = courses.load()
    kept = course.root / KEPT
    measured: dict[str, Measured] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for assignment in courses.pick(course, options.assignments):
        measured[assignment.name] = measure(course, assignment, sets=options.sets, processes=options.jobs)
        measured = {one.name: measured[one.name] for one in course.assignments if one.name in measured}
        files.write(kept, json.dumps(measured, indent=1, ensure_ascii=False) + "\n")
        files.write(course.root / PROOF, proof_page(measured))
        files.write(course.root / POINTS, points_page(measured))
        problems = plural(len(measured[assignment.name]["problems"]), "problem")
        Console(stderr=True, highlight=False).print(f"{assignment.name}: {problems}")
    return 1 if any(one["problems"] for one in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
