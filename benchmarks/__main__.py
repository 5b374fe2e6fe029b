"""`make bench`: everything that is promised about speed and memory, measured against a peer in the same run; writes RESULTS.md.

python -m benchmarks                       all of it
python -m benchmarks nbgrader check        these parts only; the others keep their last figures
python -m benchmarks --size 100 --peers 6  a class of 100; the slow peers run 6 of it"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from autograder import course as courses
from autograder import environment
from autograder.model import Course
from benchmarks import against, alone

RESULTS = Path(__file__).with_name("RESULTS.md")
FIGURES = Path(__file__).with_name("results.json")
PARTS: dict[str, tuple[str, Callable[[Course, int, int], list[str]]]] = {
    "nbgrader": ("A class, against `nbgrader autograde`", against.nbgrader),
    "otter": ("A class, against `otter run`", against.otter_grader),
    "floor": ("A submission, against the floor", against.the_floor),
    "check": (
        "`autograder check` on one notebook, against importing the libraries and loading the model",
        against.importing,
    ),
    "lockdown": ("A locked worker, against an open one", against.lockdown),
    "memory": ("Memory of one more worker", alone.memory),
    "flat": ("A large class, against a small one", alone.flatness),
    "again": ("Grading an unchanged class again", alone.grading_again),
    "pages": ("Feedback pages and the report", alone.pages),
    "scale": ("A second worker of a cluster", alone.second_worker),
    "sizing": ("For planning", alone.sizing),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measures, and writes benchmarks/RESULTS.md."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--size", type=int, default=100, help="of the class (default: 100)")
    parser.add_argument("--peers", type=int, default=0, help="how many of the class the slow peers run (default: all)")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    environment.prepare()
    course = courses.load()
    kept: dict[str, dict[str, object]] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in options.parts or PARTS:
        started = time.monotonic()
        lines = PARTS[name][1](course, options.size, min(options.peers or options.size, options.size))
        print(f"\n{name}, {time.monotonic() - started:.0f} s", *lines, sep="\n", flush=True)
        kept[name] = {"machine": machine(), "lines": lines}
        FIGURES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        RESULTS.write_text(page(kept), encoding="utf-8")


def machine() -> str:
    """What was measured on, and when."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "nbgrader"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores ({model or platform.machine()}), {memory:.0f} GB, "
        f"Linux {platform.release()}, Python {platform.python_version()}, {libraries}; load at the end {os.getloadavg()[0]:.1f}"
    )


def page(kept: dict[str, dict[str, object]]) -> str:
    """RESULTS.md."""
    text = [
        "# What was measured",
        "",
        "`make bench` writes this page.  Ratios are of figures from one run; only they carry to another machine.",
    ]
    for name, (told, _) in PARTS.items():
        if name in kept:
            lines = kept[name]["lines"]
            assert isinstance(lines, list)
            text += ["", f"## {told}", "", *lines, "", f"Measured {kept[name]['machine']}."]
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = folder
        main()
