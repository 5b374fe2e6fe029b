"""What is mistyped or missing gets one clear line, the documented exit code and no traceback."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
import small_class
from rich.progress import Progress

from autograder import cli
from autograder import course as courses
from autograder.cli import show
from autograder.model import Course

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of its own, without submissions."""
    shutil.copy(ROOT / courses.CONFIG, tmp_path)
    for name in ("source", "release"):
        (tmp_path / name).mkdir()
        shutil.copytree(ROOT / name / "softmax", tmp_path / name / "softmax")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code of a command and what it said on stderr."""
    try:
        code = cli.main(words)
    except SystemExit as end:
        code = int(str(end.code))
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("", "COMMAND"),
        ("brew", "brew"),
        ("check", "NB"),
        ("check nowhere.ipynb --assignment softmax", "nowhere.ipynb"),
        ("check source/softmax/softmax.ipynb --assignment softmex", "softmex"),
        ("check source/softmax/softmax.ipynb --json nowhere/out.json", "nowhere"),
        ("check source/softmax/softmax.ipynb --jobs 0", "--jobs"),
        ("release softmex", "softmex"),
        ("validate softmex", "softmex"),
        ("validate softmax --task sofmax", "sofmax"),
        ("grade softmex", "softmex"),
        ("grade softmax --student ada", "submitted/ada/softmax"),
        ("grade softmax --json .", "folder"),
        ("feedback softmax", "autograder grade softmax"),
        ("feedback softmex", "softmex"),
        ("brewe", "See: autograder --help"),
        ("grde softmax", "Did you mean grade?"),
        ("release --chek", "See: autograder release --help"),
        ("validate softmax --fresh x", "--fresh"),
        ("doctor --json .", "folder"),
        ("models nobody/nothing", "gpt2"),
        ("models --json nowhere/out.json", "nowhere"),
        ("publish .", "../hf-inside-students"),
        ("publish ../students softmex", "softmex"),
        ("publish ../students --json .", "folder"),
        ("collect nowhere.zip --from canvas", "nowhere.zip"),
        ("collect course_config.py --from canvas", "Download it again"),
        ("collect source --from moodl", "Did you mean moodle?"),
        ("collect source --from canvas", "canvas"),
        ("collect source --from folder --assignment softmex", "softmex"),
        ("collect source --from folder --roster nowhere.csv", "nowhere.csv"),
        ("similarity softmex", "softmex"),
        ("similarity --least 200", "--least"),
        ("report softmex", "softmex"),
        ("report", "autograder grade"),
        ("export --to csvv", "Did you mean csv?"),
        ("export softmex --to csv", "softmex"),
        ("export --to csv", "autograder grade"),
        ("export softmax --to csv --template source", "--to canvas"),
        ("gradescope softmex", "softmex"),
        ("gradescope softmax --into source", "source/softmax.zip"),
        ("demo --jobs 0", "--jobs"),
        ("completion powershell", "bash"),
    ],
)
def test_a_mistyped_command_is_a_usage_error(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, named: str
) -> None:
    code, error = said(capsys, *words.split())

    assert code == 2
    assert named in error
    assert re.fullmatch(r"autograder.*: .+[.?]  .+\n", error), (
        error
    )  # one line: what is wrong, and after two spaces what to do
    assert sorted(path.name for path in place.iterdir()) == [courses.CONFIG, "release", "source"]


def test_a_course_without_assignments_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / courses.CONFIG).write_text(
        'from autograder.model import Course\ncourse = Course("new", "A new one", ())\n'
    )

    for words in (["release"], ["grade"], ["demo"]):
        assert said(capsys, *words) == (
            2,
            "autograder: course_config.py lists no assignment.  Add one: docs/new-assignment.md says how.\n",
        )


def test_nothing_handed_in_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert courses.find_root() == place
    code, error = said(capsys, "grade", "softmax")

    assert code == 0
    assert "Nobody has handed in softmax" in error


def test_outside_a_course_there_is_nothing_to_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    code, error = said(capsys, "grade")

    assert (code, error.count("\n")) == (2, 1)
    assert courses.CONFIG in error


def test_a_broken_configuration_is_an_authoring_fault(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / courses.CONFIG).write_text("course = 1 / 0\n")
    code, error = said(capsys, "grade", "softmax")

    assert (code, error.count("\n")) == (3, 1)
    assert "ZeroDivisionError: division by zero (line 1)" in error


def test_a_stale_release_is_not_graded(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = place / "release" / "softmax" / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"points": 5.0', '"points": 6.0'), encoding="utf-8"
    )
    (place / "submitted" / "ada" / "softmax").mkdir(parents=True)
    code, error = said(capsys, "grade", "softmax")

    assert (code, error.count("\n")) == (2, 1)
    assert "autograder release softmax" in error


def test_a_broken_suite_is_an_authoring_fault_and_no_grade(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "source" / "softmax" / "checks" / "test_numbers.py").write_text("def broken(:\n")
    folder = place / "submitted" / "ada" / "softmax"
    folder.mkdir(parents=True)
    shutil.copy(place / "release" / "softmax" / "softmax.ipynb", folder)
    code, error = said(capsys, "grade", "softmax", "--jobs", "1", "--quiet")

    assert code == 3
    assert "cannot be collected" in error
    assert not (place / "results").exists()


# ── progress ──────────────────────────────────────────────────────────────────────────────────────


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, screen: io.StringIO, *, quiet: bool = False) -> str:
    """What progress over four notebooks, of which all get done, leaves on `screen`."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    with show.progress("Grading", 4, quiet=quiet) as step:
        for _ in range(4):
            step(None)
    return screen.getvalue()


def test_a_bar_counts_and_says_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(show, "Progress", functools.partial(Progress, get_time=lambda: now[0]))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with show.progress("Grading", 6, quiet=False) as step:
        for _ in range(4):
            now[0] += 60
            step(None)

    assert re.search(r"Grading.*4/6.*0:02:00", screen.getvalue())


def test_elsewhere_than_on_a_terminal_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == "Grading: 4 done\n"
    assert shown(monkeypatch, Terminal(), quiet=True) == ""


# ── --json ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("graded") / "course"
    root.mkdir()
    return small_class.make_repository(root)


COUNTING = {"assignment": "counting"}
JSON = {
    "release": [{**COUNTING, "problem": "", "changes": [], "touches": "", "cells": 6, "tasks": 1, "points": 2.0}],
    "release --check": [{**COUNTING, "problem": ""}],
    "feedback": [{**COUNTING, "student": "ada", "page": "{root}/feedback/ada/counting/counting.html"}],
    "publish {root}/../students": {"folder": "{beside}/students", "assignments": ["counting"]},
    "models gpt2": [{"name": "gpt2"}],
    "similarity": [{**COUNTING, "pairs": []}],
}


@pytest.mark.parametrize("words", JSON)
def test_the_data_of_a_command_is_all_that_it_prints_where_json_is_asked_for(
    graded: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(graded.root))
    code = cli.main([*words.format(root=graded.root).split(), "--json", "-"])
    out, error = capsys.readouterr()

    assert code == 0, error
    places = {"root": str(graded.root), "beside": str(graded.root.parent)}
    assert holds(json.loads(out), JSON[words], places)


def holds(found: object, wanted: object, places: dict[str, str]) -> bool:
    """Whether `found` is `wanted`, in which `places` are named; of an object whether it has at least this."""
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(holds(*pair, places) for pair in zip(found, wanted, strict=True))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(name in found and holds(found[name], value, places) for name, value in wanted.items())
    return found == (wanted.format(**places) if isinstance(wanted, str) else wanted)
