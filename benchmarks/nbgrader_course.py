"""The peer: an ordinary nbgrader course made from one of our assignments, hidden checks as plain hidden assert cells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from huggingface_hub.constants import HF_HOME

from autograder.model import Course
from autograder.notebook import source_of
from autograder.release import load_source
from benchmarks.calls import Asked, hidden_tests
from benchmarks.classes import points, signed

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'peer'\nc.ExecutePreprocessor.timeout = 120\n"

DEMO = "demo"


class NbgraderCourse:
    def __init__(self, root: Path, course: Course, name: str, asked: list[Asked], *, demo: bool) -> None:
        """`demo`: with the cells that are only for show."""
        self.root, self.name = root, name
        cells = hidden_tests(asked, root / "hidden.pickle")
        (root / "source" / name).mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        nb = load_source(course, name)
        if not demo:
            nb = {**nb, "cells": [cell for cell in nb["cells"] if DEMO not in cell["metadata"].get("tags", ())]}
        source = self._source(nb, points(course, name), cells)
        (root / "source" / name / f"{name}.ipynb").write_text(json.dumps(source), encoding="utf-8")
        self._nbgrader("generate_assignment", name)
        self.release = json.loads((root / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))

    def _source(self, nb: dict[str, Any], worth: dict[str, float], hidden: dict[str, str]) -> dict[str, Any]:
        cells = []
        for cell in nb["cells"]:
            cell = {**cell, "source": source_of(cell), "metadata": dict(cell["metadata"])}  # noqa: PLW2901
            marks = cell["metadata"].get("nbgrader")
            cells.append(cell)
            if not marks:
                continue
            grade_id = marks["grade_id"]
            answers, tests = grade_id in worth, grade_id.removesuffix("-test") in worth and grade_id not in worth
            marks = {**marks, "grade": False, "solution": answers, "locked": not answers}
            marks.pop("points", None)
            cell["metadata"]["nbgrader"] = marks
            if tests:
                task = grade_id.removesuffix("-test")
                lines = ["### BEGIN HIDDEN TESTS", hidden.get(task, ""), "### END HIDDEN TESTS"]
                graded = {**marks, "grade_id": f"{task}-hidden", "grade": True, "points": worth[task]}
                cells.append(
                    {
                        "cell_type": "code", "id": f"{task}-hidden", "metadata": {"nbgrader": graded}, "execution_count": None,
                        "outputs": [], "source": "\n".join(lines),
                    }
                )  # fmt: skip
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        return {**nb, "cells": cells, "metadata": kernel}

    def hand_in(self, who: str, solution: dict[str, str]) -> None:
        """A student's notebook: the release with these answers (task id → source)."""
        nb = json.loads(json.dumps(self.release))
        for cell in nb["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id in solution:
                cell["source"] = solution[grade_id]
        place = self.root / "submitted" / who / self.name
        place.mkdir(parents=True)
        (place / f"{self.name}.ipynb").write_text(json.dumps(signed(nb, who)), encoding="utf-8")

    def autograde(self, students: str) -> float:
        """Seconds of wall clock that `nbgrader autograde` takes for the students whose names match a glob."""
        started = time.perf_counter()
        self._nbgrader("autograde", self.name, f"--student={students}", "--force")
        return time.perf_counter() - started

    def _nbgrader(self, *arguments: str) -> None:
        folder = Path(sys.executable).parent
        path = f"{folder}:{os.environ['PATH']}"
        # A home of its own: no start-up files of whoever runs this; the models stay where they are.
        environ = {**os.environ, "PATH": path, "HOME": str(self.root), "HF_HOME": HF_HOME, "HF_HUB_OFFLINE": "1"}
        environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
        done = subprocess.run(
            [str(folder / "nbgrader"), *arguments],
            cwd=self.root,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
