"""A sandbox that does not hold stops a class before it is graded, and whoever grades without it gets that in writing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder import cli, notebook, variants
from autograder import course as courses
from autograder.gradebook import verdict
from autograder.model import NOT_SANDBOXED, Course
from autograder.release import load_source
from autograder.sandbox import SandboxError, probe

WITHOUT_SECCOMP = """
import errno, os, sys
import pyseccomp

refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
refused.add_rule(pyseccomp.ERRNO(errno.EPERM), "seccomp")
refused.load()
os.execv(sys.executable, [sys.executable, "-m", "autograder", *sys.argv[1:]])
"""
"""Runs a command where the kernel, as far as it can find out, never had seccomp."""


@pytest.fixture
def own_course(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one assignment, in which ada has handed in a notebook with one answer."""
    for name in ("source", "release"):
        shutil.copytree(course.root / name / "softmax", tmp_path / name / "softmax")
    config = (course.root / "course_config.py").read_text(encoding="utf-8")
    (tmp_path / "course_config.py").write_text(
        config + "\nimport dataclasses\ncourse = dataclasses.replace(course, assignments=course.assignments[1:2])\n",
        encoding="utf-8",
    )
    folder = tmp_path / "submitted" / "ada" / "softmax"
    folder.mkdir(parents=True)
    wrong = {"softmax": "def softmax(logits, dim=-1):\n    return logits\n"}
    made = notebook.canonical(variants.notebook_of(load_source(course, "softmax"), wrong))
    (folder / "softmax.ipynb").write_text(made, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def result(root: Path) -> dict[str, Any]:
    (found,) = json.loads((root / "results" / "softmax" / "ada.json").read_text(encoding="utf-8"))
    return dict(found)


def comments(root: Path) -> list[str]:
    with Gradebook(courses.gradebook_url(courses.load(root)), "hf-inside") as book:
        return [comment.auto_comment or "" for comment in book.find_submission("softmax", "ada").notebooks[0].comments]


def test_a_run_without_the_sandbox_says_so_everywhere_until_it_is_done_again(
    own_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["grade", "softmax", "--unsafe", "--jobs", "1"]) == 0
    assert "not sandboxed" in capsys.readouterr().err
    assert cli.main(["feedback", "softmax"]) == 0
    page = own_course / "feedback" / "ada" / "softmax" / "softmax.html"

    unsafe = result(own_course)
    assert unsafe["execution"]["sandbox"] == NOT_SANDBOXED
    assert "Not sandboxed" in page.read_text(encoding="utf-8")
    assert all(verdict.UNSAFE in comment for comment in comments(own_course))

    assert cli.main(["grade", "softmax", "--jobs", "1"]) == 0
    assert cli.main(["feedback", "softmax"]) == 0

    again = result(own_course)
    assert again["execution"]["sandbox"] == "full"
    assert (again["score"], again["tasks"]) == (unsafe["score"], unsafe["tasks"])
    assert "Not sandboxed" not in page.read_text(encoding="utf-8")
    assert not any(verdict.UNSAFE in comment for comment in comments(own_course))


def test_a_layer_that_does_not_hold_stops_everything_before_it_begins(
    own_course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(probe._ATTEMPTS, "files", lambda *_: "read a file outside")

    assert cli.main(["grade", "softmax"]) == 4

    said = capsys.readouterr().err
    assert "files (it could read a file outside)" in said
    assert "autograder doctor" in said
    assert "--unsafe" in said
    assert len(said.splitlines()) == 1
    assert not (own_course / "results").exists()
    assert not (own_course / "gradebook.db").exists()


def test_a_layer_that_nobody_asks_for_may_fail(own_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(probe._ATTEMPTS, "namespaces", lambda *_: "see the host's processes")

    course = courses.load(own_course)
    probe.require(course.required_layers, course.limits)

    with pytest.raises(SandboxError, match="namespaces"):
        probe.require((*course.required_layers, "namespaces"), course.limits)


def test_where_there_is_no_seccomp_the_command_says_so_in_a_line_and_unsafe_grades(own_course: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_SECCOMP, "grade", "softmax", "--jobs", "1"]
    environ = {**os.environ, "AUTOGRADER_COURSE": str(own_course)}
    refused, unsafe = (
        subprocess.run([*command, *more], env=environ, capture_output=True, text=True, check=False)
        for more in ((), ("--unsafe",))
    )

    assert refused.returncode == 4
    assert len(refused.stderr.splitlines()) == 1
    assert "The sandbox cannot hold network (" in refused.stderr
    assert "refuses seccomp" in refused.stderr
    assert unsafe.returncode == 0, unsafe.stderr
    assert result(own_course)["execution"]["sandbox"] == NOT_SANDBOXED
