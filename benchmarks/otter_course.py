"""One of our assignments as an otter-grader course: the same visible and hidden tests, and no cells that are only for show."""

from __future__ import annotations

import json
import time
from typing import Any

from nbformat.v4 import new_code_cell

from autograder.model import Course
from autograder.notebook import source_of
from autograder.release import load_source
from benchmarks.calls import Asked, hidden_tests
from benchmarks.classes import points, signed
from benchmarks.nbgrader_course import DEMO
from benchmarks.otter import Otter, question


class OtterCourse:
    """An assignment for `otter`, which serves one after the other."""

    def __init__(self, otter: Otter, course: Course, name: str, asked: list[Asked]) -> None:
        self._otter, self._name = otter, name
        self._root = otter.root / f"course-{name}"
        self._root.mkdir()
        worth = points(course, name)
        hidden = hidden_tests(asked, self._root / "hidden.pickle")
        cells: list[dict[str, Any]] = []
        self._handed_in: list[tuple[str, str]] = []
        for cell in load_source(course, name)["cells"]:
            grade_id, source = cell["metadata"].get("nbgrader", {}).get("grade_id", ""), source_of(cell)
            task = grade_id.removesuffix("-test")
            if cell["cell_type"] != "code" or DEMO in cell["metadata"].get("tags", ()):
                continue
            if grade_id in worth:
                self._handed_in.append((grade_id, source))
            elif task in worth:
                # A hidden test stands in a file: otter takes a cell's text apart as a doctest, and this one has blocks.
                path = self._root / f"{task}.py"
                path.write_text(hidden.get(task, ""), encoding="utf-8")
                runs = f"exec(compile(open({str(path)!r}).read(), {task!r}, 'exec'), globals())"
                solution = dict(self._handed_in)[task].replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
                cells += question(task, worth[task], solution, source, runs)
                self._handed_in.append(("", f'grader.check("{task}")'))
            else:
                cells.append(new_code_cell(source))
                self._handed_in.append(("", source))
        self._archive, self._released = otter.assign(name, cells)

    def hand_in(self, who: str, solution: dict[str, str]) -> None:
        """A student's notebook with these answers (task id → source): otter's first cell, and a check after each answer."""
        answers = [new_code_cell(solution.get(task, source)) for task, source in self._handed_in]
        nb = {**self._released, "cells": [self._released["cells"][0], *answers]}
        (self._root / f"{who}.ipynb").write_text(json.dumps(signed(nb, who)), encoding="utf-8")

    def grade(self, who: str) -> tuple[float, float]:
        """(seconds of wall clock that `otter run` takes, points); raises SystemExit where it gives no grade."""
        started = time.perf_counter()
        output = self._root / "grades" / who
        score = self._otter.run(self._archive, self._root / f"{who}.ipynb", output)
        if score is None:
            raise SystemExit(f"otter gave {who} no grade:\n{(output / 'stderr').read_text()[-2000:]}")
        return time.perf_counter() - started, score
