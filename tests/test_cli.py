"""What is mistyped or missing gets one clear line, the documented exit code and no traceback."""

from __future__ import annotations

import io
import re
import shutil
import sys
from pathlib import Path

import pytest

from autograder import cli
from autograder import course as courses
from autograder.cli import show

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
    ],
)
def test_a_mistyped_command_is_a_usage_error(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, named: str
) -> None:
    code, error = said(capsys, *words.split())

    assert code == 2
    assert named in error
    assert "Traceback" not in error
    assert sorted(path.name for path in place.iterdir()) == [courses.CONFIG, "release", "source"]


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
    assert "ZeroDivisionError" in error


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
    bar = shown(monkeypatch, Terminal())

    assert re.search(r"Grading.*4/4.*\d:\d\d:\d\d", bar)


def test_elsewhere_than_on_a_terminal_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == "Grading: 4 done\n"
    assert shown(monkeypatch, Terminal(), quiet=True) == ""
