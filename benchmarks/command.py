"""An `autograder` command, from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def surroundings(root: Path) -> dict[str, str]:
    """The environment of a program that works in the course at `root`."""
    return {**os.environ, "AUTOGRADER_COURSE": str(root), "PYTHONPATH": str(ROOT)}


def run(root: Path, *arguments: str) -> tuple[float, int]:
    """(wall-clock seconds, largest resident memory in MB) of an `autograder` command in the course at `root`."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *arguments], env=surroundings(root), stdout=subprocess.DEVNULL, cwd=root
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"autograder {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss // 1024
