"""`autograder doctor`: what this machine has, what it lacks, and the command that mends it."""

from __future__ import annotations

import argparse
import dataclasses

from rich.table import Table

from autograder import course as courses
from autograder import doctor
from autograder.cli import show


def run(options: argparse.Namespace) -> int:
    show.writable(options.json)
    root = courses.find_root()
    findings = doctor.examine(courses.load() if root is not None else None)
    show.write_json([dataclasses.asdict(finding) for finding in findings], options.json)
    if options.json != "-":
        table = Table(show_edge=False, pad_edge=False)
        for heading in ("", "what", "how it is", "what to do"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            if finding.ok is False or not options.quiet:
                symbol = {True: "✓", False: "✗", None: "-"}[finding.ok]
                show.row(table, symbol, finding.name, finding.detail, finding.remedy)
        show.console().print(table)
    return 4 if any(finding.ok is False for finding in findings) else 0
