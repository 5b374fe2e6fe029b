"""docs/new-assignment.md, followed to the letter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import small_course

from autograder import course as courses

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```(sh|text)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course without assignments, in which the page's blocks have been carried out in their order."""
    root = tmp_path_factory.mktemp("course")
    (root / courses.CONFIG).write_text(small_course.config_with(), encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copytree(ROOT / "docs" / "template", root / "docs" / "template")
    (root / ".venv").symlink_to(ROOT / ".venv")
    (root / "source").mkdir()
    page = (ROOT / "docs" / "new-assignment.md").read_text(encoding="utf-8")
    environ = {
        name: value
        for name, value in os.environ.items()
        if name != "AUTOGRADER_COURSE" and not name.startswith("PYTEST")
    }
    for kind, text in BLOCK.findall(page):
        if kind == "text":
            path = root / courses.CONFIG
            path.write_text(path.read_text(encoding="utf-8").replace("assignments=(\n", f"assignments=(\n{text}"))
            continue
        done = subprocess.run(
            ["bash", "-euc", text], cwd=root, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return root


def test_the_new_assignment_is_released_graded_and_fed_back(made: Path) -> None:
    (result,) = json.loads((made / "results" / "counting" / "ada.json").read_text(encoding="utf-8"))
    assert (result["status"], result["score"], result["max_score"]) == ("graded", 0.0, 2.0)
    assert {check["outcome"] for task in result["tasks"] for check in task["checks"]} == {"not_attempted"}
    page = (made / "feedback" / "ada" / "counting" / "counting.html").read_text(encoding="utf-8")
    assert "Counting vowels" in page


def test_the_release_of_the_template_keeps_its_secrets(made: Path) -> None:
    released = {path.relative_to(made / "release" / "counting").as_posix() for path in (made / "release").rglob("*.*")}
    assert released == {"announced.json", "counting.ipynb", "manifest.json"}
    assert "for letter" not in (made / "release" / "counting" / "counting.ipynb").read_text(encoding="utf-8")
