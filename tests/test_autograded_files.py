"""What of a submission gets into autograded/ by stock nbgrader: the notebook and its time, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import small_course

from autograder.release import release


def test_nothing_but_the_notebook_is_copied(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    release(course, small_course.assignment(course))
    folder = small_course.hand_in(course, "ada").parent
    (folder / "timestamp.txt").write_text("2027-01-02 03:04:05 UTC")
    for name in ("x.html", ".hidden.html", "[a].svg", "deep/[b]/y.html", "deep/timestamp.txt", "other.ipynb/z.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("<script>alert(1)</script>")
    (folder / "link.html").symlink_to("/etc/hostname")

    command = [sys.executable, "-m", "nbgrader", "autograde", small_course.NAME, "--student", "ada"]
    done = subprocess.run(command, cwd=course.root, env=dict(os.environ), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    copied = course.root / "autograded" / "ada" / small_course.NAME
    assert {str(path.relative_to(copied)) for path in copied.rglob("*")} == {
        f"{small_course.NAME}.ipynb",
        "timestamp.txt",
    }
    assert "2027-01-02 03:04:05" in (copied / "timestamp.txt").read_text()
