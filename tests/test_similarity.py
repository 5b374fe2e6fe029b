"""Copied answers are found, renamed and rearranged ones too, and honest ones are left alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder import cli, notebook, similarity, variants
from autograder import course as courses
from autograder.model import Course
from autograder.release import load_source

STUB = "def total(numbers):\n    '''The sum of the numbers.'''\n    raise NotImplementedError"
LOOP = """
def total(numbers):
    result = 0.0
    for number in numbers:
        if number is None:
            continue
        value = float(number)
        result = result + value
    rounded = round(result, 6)
    return rounded if numbers else 0.0

def average(numbers):
    kept = [float(number) for number in numbers if number is not None]
    if len(kept) == 0:
        raise ValueError("there is nothing to average")
    return total(kept) / len(kept)
"""
OWN_WAY = """
import math
def total(numbers):
    return math.fsum(filter(lambda x: x is not None, numbers))
def average(numbers, *, default=None):
    import statistics
    try:
        return statistics.fmean(x for x in numbers if x is not None)
    except statistics.StatisticsError as nothing:
        raise ValueError("empty") from nothing
"""
# The same with other names, other words, comments and spaces.
RENAMED = (
    LOOP.replace("result", "acc").replace("number", "n").replace("kept", "xs").replace("there is nothing to average", "no!")
    .replace("    acc = 0.0", "    # start at nothing\n    acc   =   0.0")
)  # fmt: skip


def test_a_copy_with_other_names_is_found() -> None:
    (pair,) = similarity.compared({"ada": LOOP, "grace": RENAMED, "alan": OWN_WAY}, [STUB])

    assert (pair.one, pair.other) == ("ada", "grace")
    assert pair.share > 0.9
    assert pair.other_share > 0.9
    assert "result = result + value" in pair.passage


def test_a_part_in_a_longer_answer_is_found_from_its_own_side() -> None:
    (pair,) = similarity.compared({"ada": LOOP, "grace": OWN_WAY * 3 + RENAMED}, [STUB])

    assert pair.share > 0.9
    assert pair.other_share < 0.7


def test_what_the_release_holds_is_nobodys() -> None:
    assert similarity.compared({"ada": LOOP, "grace": LOOP}, [STUB, LOOP]) == []


def test_what_much_of_the_class_has_is_how_one_does_it() -> None:
    many = {f"student{number}": LOOP for number in range(4)}

    assert similarity.compared(many, [STUB]) == []
    assert similarity.compared(dict(list(many.items())[:2]), [STUB]) != []


@pytest.mark.parametrize("text", ["", "def total(numbers): pass", "x" * 5000, "((((", "\0\x01é🙂"], ids=range(5))
def test_there_may_be_anything_in_an_answer(text: str) -> None:
    pairs = similarity.compared({"ada": text, "grace": text, "alan": OWN_WAY}, [STUB])

    assert {(pair.one, pair.other) for pair in pairs} <= {("ada", "grace")}


def test_the_command_names_the_pair(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("source", "release"):
        (tmp_path / name).mkdir()
        shutil.copytree(course.root / name / "softmax", tmp_path / name / "softmax")
    shutil.copy(course.root / "course_config.py", tmp_path)
    solution = load_source(course, "softmax")
    right = [one for one in variants.variants(course, "softmax") if one.kind == "right"]
    styles = [{one.task: one.source for one in right[offset::5]} for offset in range(3)]
    for student, answers in zip(("ada", "grace", "alan", "copy[bold]cat"), [*styles, styles[0]], strict=True):
        folder = tmp_path / "submitted" / student / "softmax"
        folder.mkdir(parents=True)
        made = notebook.canonical(variants.notebook_of(solution, answers))
        (folder / "softmax.ipynb").write_text(made, encoding="utf-8")
    broken = tmp_path / "submitted" / "edsger" / "softmax"
    broken.mkdir(parents=True)
    (broken / "softmax.ipynb").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert cli.main(["similarity", "softmax", "--least", "95", "--json", "pairs.json"]) == 0

    (found,) = json.loads(Path("pairs.json").read_text(encoding="utf-8"))
    assert [(pair["one"], pair["other"]) for pair in found["pairs"]] == [("ada", "copy[bold]cat")]
    assert "copy[bold]cat" in capsys.readouterr().out
    assert courses.load().root == tmp_path
