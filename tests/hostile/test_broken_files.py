"""No file of one student stops a command for the class: each broken file once, in one class with honest students, through all commands."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import small_class

from autograder import cli, journal
from autograder.model import Course, Status

NAME = small_class.NAME
LARGE = 30 * 1024**2  # bytes: more than a notebook may have


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


STAMPS: dict[str, Callable[[Path], object]] = {
    "sixty-digits": lambda path: path.write_text("9" * 60),
    "sixty-digits-signed": lambda path: path.write_text("2027-02-12 21:58:03 +" + "9" * 60),
    "exponent": lambda path: path.write_text("1e999999999"),
    "not-a-number": lambda path: path.write_text("10:nan"),
    "year-one": lambda path: path.write_text("0001-01-01 00:00:00 +1400"),
    "year-last": lambda path: path.write_text("9999-12-31 23:59:59 -1400"),
    "zone-of-a-path": lambda path: path.write_text("2027-02-12 21:58:03 ../../etc/passwd"),
    "thirteenth-month": lambda path: path.write_text("2027-13-12 21:58:03 UTC"),
    "other-figures": lambda path: path.write_text("२०२७-०२-१२ २१:५८:०३ UTC"),
    "empty": lambda path: path.touch(),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 10),
    "nul": lambda path: path.write_bytes(b"2027-02-12\0 21:58:03"),
    "utf-16": lambda path: path.write_text("2027-02-12 21:58:03 UTC", encoding="utf-16"),
    "folder": lambda path: path.mkdir(),
    "fifo": os.mkfifo,
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "loop": lambda path: path.symlink_to(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "huge": _sparse,
}


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have 108 bytes
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


def _notebook(**parts: object) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": "x = 1",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [{**cell, **parts}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


NOTEBOOKS: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(),
    "fifo": os.mkfifo,
    "socket": _socket,
    "empty": lambda path: path.touch(),
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "loop": lambda path: path.symlink_to(path),
    "dangling": lambda path: path.symlink_to("nowhere.ipynb"),
    "missing": lambda path: path.with_name("notes.txt").touch(),
    "huge": _sparse,
    "deep": lambda path: path.write_text("[" * 900_000),
    "deep-metadata": lambda path: path.write_text('{"cells": [], "metadata": ' + '{"a":' * 100_000),
    "digits": lambda path: path.write_text('{"cells": [], "nbformat": ' + "9" * 100_000 + "}"),
    "latin": lambda path: path.write_bytes(_notebook(source="é").replace("\\u00e9", "é").encode("latin-1")),
    "utf-32": lambda path: path.write_bytes(_notebook().encode("utf-32")),
    "nul": lambda path: path.write_text(_notebook(source="x\0y").replace("\\u0000", "\0")),
    "surrogate": lambda path: path.write_text(_notebook(source="\udcff")),
    "metadata-list": lambda path: path.write_text(_notebook(metadata=[1], id=7, outputs={"a": 1})),
    "metadata-nan": lambda path: path.write_text(_notebook(metadata={"nbgrader": float("nan"), "tags": {"a": 1}})),
    "nbgrader-odd": lambda path: path.write_text(_notebook(metadata={"nbgrader": {"grade_id": ["a"], "points": []}})),
    "cells-odd": lambda path: path.write_text('{"cells": [null, 1, "a", [], {}], "nbformat": "four"}'),
    "cells-mapping": lambda path: path.write_text('{"cells": {"a": 1}}'),
    "a-list": lambda path: path.write_text("[1, 2]"),
    "odd-name": lambda path: path.with_name("bad\udcff\n\u202e.ipynb").write_text(_notebook()),
    "long-name": lambda path: path.with_name("n" * 249 + ".ipynb").write_text(_notebook()),
    "helper": lambda path: os.mkfifo(path.with_name("helper.py")),
}
STUDENTS = ("new\nline", "bidi\u202egnp", "escape\x1b[2J", "bytes\udcff", "é" * 126, "n" * 255, ".hidden")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    root = tmp_path_factory.mktemp("broken")
    course = small_class.make(root)
    solution = (root / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_text()
    for what, make in STAMPS.items():
        small_class.hand_in(course, f"stamp-{what}", solution)
        make(root / "submitted" / f"stamp-{what}" / NAME / "timestamp.txt")
    for what, make in NOTEBOOKS.items():
        home = root / "submitted" / f"notebook-{what}" / NAME
        home.mkdir(parents=True)
        make(home / f"{NAME}.ipynb")
    for name in STUDENTS:
        small_class.hand_in(course, name, solution)
    (root / "submitted" / "assignment-is-a-file").mkdir()
    (root / "submitted" / "assignment-is-a-file" / NAME).touch()
    (root / "submitted" / "student-is-a-link").symlink_to("ada")
    os.mkfifo(root / "submitted" / "student-is-a-fifo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        assert cli.main(["grade", "--jobs", "2", "--quiet"]) == 0
        yield course


def test_everybody_whose_notebook_is_whole_has_the_points_and_everybody_else_a_reason(place: Course) -> None:
    found = journal.results(place, NAME)
    homes = {path.name for path in (place.root / "submitted").iterdir()}
    assert set(found) == homes - {*STUDENTS, "assignment-is-a-file", "student-is-a-fifo"}
    assert all(report is not None for report in found.values())
    graded = {student: report for student, report in found.items() if report and report.status is Status.GRADED}
    assert {student for student, report in graded.items() if report.score == report.max_score} == {
        "ada",
        *(f"stamp-{what}" for what in STAMPS),
    }
    for student, report in found.items():
        assert report
        assert report.status is not Status.GRADER_ERROR, (student, report.reason)
        assert report.reason or report.status is Status.GRADED


@pytest.mark.parametrize(
    "command",
    [
        "grade",
        "grade --dry-run --force --jobs 2",
        "grade --json -",
        "feedback",
        "report",
        "report --anonymous",
        "similarity",
        "export --to csv",
    ],
)
def test_no_command_is_stopped_and_each_student_is_named(
    place: Course, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    assert place.root.is_dir()
    capfd.readouterr()
    assert cli.main(command.split()) == 0
    out, err = capfd.readouterr()
    shown = out + err
    assert "fault of the grader" not in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    if command.split(maxsplit=1)[0] != "similarity":
        for what in STAMPS:
            assert f"stamp-{what} in {NAME}: timestamp.txt" in err
    if command.startswith("grade"):
        assert err.count("nobody can be called so") == len(STUDENTS) - 1  # a hidden folder is nobody's


def test_everybody_has_a_page(place: Course) -> None:
    assert cli.main(["feedback", "--quiet"]) == 0
    pages = {path.parts[-3] for path in (place.root / "feedback").glob("*/*/*.html")}
    assert pages == set(journal.results(place, NAME))


def test_the_class_can_be_collected_as_a_folder(
    place: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "again"
    root.mkdir()
    (root / "course_config.py").write_bytes((place.root / "course_config.py").read_bytes())
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    assert cli.main(["collect", str(place.root / "submitted"), "--from", "folder"]) == 1
    err = capfd.readouterr().err
    assert "fault of the grader" not in err
    for student in ("ada", "grace", "radia"):
        kept, came = (one / "submitted" / student / NAME / f"{NAME}.ipynb" for one in (root, place.root))
        assert kept.read_bytes() == came.read_bytes()
