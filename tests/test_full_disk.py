"""A disk that is really full: a small file system that only the grading process sees, and that grows from run to run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import small_class

from autograder import cli, gradebook
from autograder import course as courses
from autograder.journal import load

ROOM = (0, 24, 56, 96, 160, 240, 8000)
"""Kilobytes that are free beside the course, from run to run."""
GROWING = """
import json, shutil, subprocess, sys
from pathlib import Path

course, place, *room = sys.argv[1:]
size = sum(-(-path.stat().st_size // 4096) * 4 + 4 for path in Path(course).rglob("*"))
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + 512}k", "none", place], check=True)
shutil.copytree(course, place, dirs_exist_ok=True)
used = shutil.disk_usage(place).used // 1024
told = []
for free in map(int, room):
    subprocess.run(["mount", "-o", f"remount,size={used + free}k", place], check=True)
    run = subprocess.run([sys.executable, "-m", "autograder", "grade", "--quiet"], capture_output=True, text=True)
    kept = {path.name: path.stat().st_mtime_ns for path in Path(place, "results").rglob("*.json")}
    told.append((run.returncode, run.stderr, kept))
shutil.copytree(place, course + "-after")
print(json.dumps(told))
"""


def test_a_full_disk_stops_a_run_in_one_line_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("course", "there"):
        (tmp_path / name).mkdir()
    course = small_class.make(tmp_path / "course")
    subprocess.run(["cp", "-a", course.root, tmp_path / "reference"], check=True)
    namespaces = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    done = subprocess.run(
        ["unshare", *namespaces, sys.executable, "-c", GROWING, course.root, tmp_path / "there", *map(str, ROOM)],
        env={**os.environ, "AUTOGRADER_COURSE": str(tmp_path / "there")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    *full, (code, said, kept) = runs

    assert (code, said, len(kept)) == (0, "", 3)
    stopped = [said for code, said, _ in full if code]
    assert len(stopped) >= 3, full
    assert {code for code, *_ in full} <= {0, 4}
    for (*_, before), (*_, after) in pairwise(runs):
        assert before.items() <= after.items(), "what was finished is not judged again"
    for said in stopped:
        assert len(said.splitlines()) == 1, said
        assert said.startswith("autograder: ")
        assert "No space left on device" in said or "disk is full" in said, said

    scores = []
    for root in (tmp_path / "reference", tmp_path / "course-after"):
        monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
        assert cli.main(["grade", "--quiet"]) == 0
        again = courses.load(root)
        results = {path.stem: load(path) for path in sorted((root / "results").rglob("*.json"))}
        assert all(results.values())
        scores.append(
            (
                {name: report and report.score for name, report in results.items()},
                gradebook.scores(again, again.assignments[0]),
                sorted(
                    path.relative_to(root) for part in ("results", "autograded") for path in (root / part).rglob("*")
                ),
            )
        )
    assert scores[0] == scores[1]
