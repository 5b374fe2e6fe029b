"""A release whose own notebook does not work is refused, and the cell is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_course import NAME, TASK, Nb, assignment, cell, edit, make, replaced

from autograder import course as courses
from autograder import release
from autograder.errors import AuthoringError


def _wrong_test(nb: Nb) -> None:
    cell(nb, f"{TASK}-test")["source"] = ["assert count_vowels('aeiou') == 4, 'four'"]


def _stray_cell(nb: Nb) -> None:
    nb["cells"].append(
        {"cell_type": "code", "id": "stray", "metadata": {}, "outputs": [], "execution_count": None, "source": "1 / 0"}
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced("setup", "VOWELS", "import no_such_library\nVOWELS"), r"cell \d+ \(setup\) fails: ModuleNotFoundError"),
        (_wrong_test, rf"\({TASK}-test\): the solution does not pass its visible test: .*four"),
        (_stray_cell, r"cell \d+ fails: ZeroDivisionError: division by zero"),
        (replaced("setup", "VOWELS", "%matplotlib inline\n%load_ext autoreload\n!pip install tqdm\nVOWELS"), ""),
    ],
    ids=["set-up", "test", "stray", "magics in the set-up"],
)  # fmt: skip
def test_the_solution_is_run_before_anything_is_released(
    tmp_path: Path, change: Callable[[Nb], None], words: str
) -> None:
    course = make(tmp_path)
    edit(courses.source_notebook(course, NAME), change)
    if not words:
        release.release(course, assignment(course))
        assert courses.release_dir(course, NAME).is_dir()
        return
    with pytest.raises(AuthoringError, match=words):
        release.release(course, assignment(course))
    assert not courses.release_dir(course, NAME).exists()
