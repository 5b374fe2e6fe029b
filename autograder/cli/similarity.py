"""`autograder similarity`: answers of a class that resemble each other, for a person to look at."""

from __future__ import annotations

import argparse
import dataclasses
import sys

from rich.table import Table

from autograder import course as courses
from autograder import notebook, release, similarity, submitted
from autograder.cli import show
from autograder.similarity import Pair

SHOWN = 50


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    data = []
    for assignment in courses.pick(course, options.assignments):
        manifest = release.last(course, assignment)
        jobs = submitted.handed_in(course, assignment)
        read = []
        with show.progress(f"Reading {assignment.name}", len(jobs), quiet=options.quiet, told=True) as advance:
            for job in jobs:
                read.append(notebook.read(job.path, manifest, job.student, course.limits))
                advance(job)
        with show.waiting(f"Comparing {len(jobs)} answers to {assignment.name}", quiet=options.quiet):
            pairs = similarity.similar(manifest, read, least=options.least / 100)
        data.append({"assignment": assignment.name, "pairs": [dataclasses.asdict(pair) for pair in pairs]})
        if options.json != "-":
            _say(assignment.name, len(read), pairs, quiet=options.quiet)
    show.write_json(data, options.json)
    return 0


def _say(name: str, students: int, pairs: list[Pair], *, quiet: bool) -> None:
    if not pairs:
        if not quiet:
            print(f"{name}: no two of {students} answers resemble each other.", file=sys.stderr)
        return
    table = Table(title=f"{name}: look at these pairs; a likeness is no proof", title_justify="left")
    for heading in ("students", "in common", "longest passage"):
        table.add_column(heading, overflow="fold")
    for pair in pairs[:SHOWN]:
        shares = f"{pair.share:.0%} of {pair.one}'s\n{pair.other_share:.0%} of {pair.other}'s"
        lines = pair.passage.splitlines()
        more = [f"… {len(lines) - 4} more lines"] if len(lines) > 4 else []
        show.row(table, f"{pair.one}\n{pair.other}", shares, "\n".join(lines[:4] + more))
    show.console().print(table)
    if len(pairs) > SHOWN:
        print(f"{name}: {len(pairs) - SHOWN} more pairs; --json names all of them.", file=sys.stderr)
