"""Archives of learning management systems → submitted/: the right person, the newest version, nothing lost, nothing trusted."""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder import cli, submitted
from autograder import course as courses
from autograder.lms import archive as archives
from autograder.lms import roster
from autograder.lms.archive import opened
from autograder.lms.layouts import canvas
from autograder.lms.roster import Person, Roster, Student, identify, safe_id

CONFIG = """
from datetime import UTC, datetime
from autograder.model import Assignment, Course, Limits
course = Course("c", "A course", (Assignment("softmax", "Softmax"), Assignment("sampling", "Sampling")), limits=Limits(notebook_mb=1))
"""
Files = dict[str, str | bytes]


def nb(text: str) -> str:
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": text}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / courses.CONFIG).write_text(CONFIG)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    return root


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def foldered(path: Path, files: Files) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def collected(
    archive: Path, system: str, *more: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any], str]:
    """The exit code, the JSON and what was said on stderr."""
    capsys.readouterr()
    code = cli.main(["collect", str(archive), "--from", system, "--json", "-", *more])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def held(root: Path) -> dict[str, str]:
    """submitted/<student>/<assignment> → the source of the first cell of the notebook that will be graded; no notebook, no entry."""
    found = {}
    for path in (root / "submitted").glob("*/*/*.ipynb"):
        assert path.stem == path.parent.name
        if path.read_bytes().startswith(b"{"):
            home = path.parent.relative_to(root / "submitted").as_posix()
            found[home] = json.loads(path.read_text())["cells"][0]["source"]
    return found


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────

CANVAS: Files = {
    "lovelaceada_1001_9001_softmax.ipynb": nb("ada 1"),
    "lovelaceada_1001_9007_softmax-1.ipynb": nb("ada 2"),
    "hopper_grace_LATE_1002_9002_my_soft_max_12_34_softmax.ipynb": nb("grace"),
    "李小龙_1003_9003_softmax.ipynb": nb("li"),
    "doejane_1004_9004_softmax.ipynb": nb("jane 4"),
    "doejane_1005_9005_softmax.ipynb": nb("jane 5"),
    "turingalan_1006_9006_essay.pdf": b"%PDF-1.7",
    "babbagecharles_1007_text.html": "<p>an answer in a text box</p>",
    "__MACOSX/._lovelaceada_1001_9001_softmax.ipynb": b"\0",
}
ROSTER = (
    "id,name,email,canvas_id,moodle_id,gradescope_id,sis_id\r\n"
    "ada,Ada Lovelace,ada@example.org,1001,,,\r\n"
    'grace,"Hopper, Grace",grace@example.org,,,,S-2\r\n'
    "li,李小龙,,,,,\r\n"
    "jane-a,Jane Doe,,1004,,,\r\n"
    "jane-b,Jane Doe,jane.b@example.org,1005,M-5,,S-5\r\n"
)


def test_canvas_names_are_read_and_found_on_the_roster(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").write_text(ROSTER, encoding="utf-8-sig")
    code, summary, said = collected(
        zipped(tmp_path / "submissions.zip", CANVAS), "canvas", "--assignment", "softmax", capsys=capsys
    )

    assert code == 0, said
    alan = "turingalan-1006"
    essay = place / "submitted" / alan / "softmax" / "softmax.ipynb"
    assert essay.read_bytes() == b"%PDF-1.7"  # the grader will say what is wrong with it
    assert held(place) == {
        "ada/softmax": "ada 2",
        "grace/softmax": "grace",
        "li/softmax": "li",
        "jane-a/softmax": "jane 4",
        "jane-b/softmax": "jane 5",
    }
    by_student = {one["student"]: one for one in summary["collected"]}
    assert by_student["grace"]["late"]
    assert by_student["grace"]["note"] == "when is not known"
    assert by_student["ada"]["versions"] == 2
    assert not by_student["ada"]["late"]
    assert by_student[alan]["note"] == "no notebook: essay.pdf"
    assert [name for name, one in by_student.items() if not one["listed"]] == [alan]
    assert summary["unlisted"] == [f"turingalan (1006) → {alan}"]
    assert alan in said


def test_without_a_roster_ids_are_made_and_stay_the_same(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = zipped(tmp_path / "softmax.zip", CANVAS)
    code, summary, said = collected(archive, "canvas", capsys=capsys)  # the assignment is in the name of the archive

    assert code == 0
    ids = {one["student"] for one in summary["collected"]}
    assert {"lovelaceada-1001", "李小龙-1003", "doejane-1004", "doejane-1005"} < ids
    assert {path.name for path in (place / "submitted").iterdir()} == ids
    assert "There is no roster.csv" in said
    assert collected(archive, "canvas", capsys=capsys)[1]["collected"][0]["change"] == "unchanged"


def test_collecting_twice_changes_nothing(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = zipped(tmp_path / "softmax.zip", CANVAS)
    collected(archive, "canvas", capsys=capsys)
    before = tree(place)
    _, summary, _ = collected(archive, "canvas", capsys=capsys)

    assert tree(place) == before
    assert {one["change"] for one in summary["collected"]} == {"unchanged"}


def test_the_history_is_nobodys_submission(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nbgrader.utils import find_all_files

    from autograder.gradebook.config import IGNORED

    collected(zipped(tmp_path / "softmax.zip", CANVAS), "canvas", capsys=capsys)
    course = courses.load(place)
    jobs = {job.student: job.path for job in submitted.handed_in(course, course.assignments[0])}
    home = place / "submitted" / "lovelaceada-1001" / "softmax"

    assert jobs["lovelaceada-1001"] == home / "softmax.ipynb"
    assert not [path for path in jobs.values() if ".history" in path.parts]
    assert (home / ".history" / "log.json").is_file()
    assert find_all_files(str(home), list(IGNORED)) == [str(home / "softmax.ipynb")]


def test_a_notebook_that_was_there_is_kept_and_a_hand_made_change_stays(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = place / "submitted" / "lovelaceada-1001" / "softmax"
    foldered(home, {"softmax.ipynb": nb("by hand")})
    archive = zipped(tmp_path / "softmax.zip", CANVAS)
    _, summary, _ = collected(archive, "canvas", capsys=capsys)
    assert next(one["versions"] for one in summary["collected"] if one["student"] == "lovelaceada-1001") == 3
    (home / "softmax.ipynb").write_text(nb("mended by a person"))
    collected(archive, "canvas", capsys=capsys)

    assert held(place)["lovelaceada-1001/softmax"] == "mended by a person"


# ── Moodle ────────────────────────────────────────────────────────────────────────────────────────

MOODLE: Files = {
    "Ada Lovelace_71_assignsubmission_file_/softmax.ipynb": nb("ada"),
    "O'Neil, Grace_72_assignsubmission_file_/work/final.ipynb": nb("grace"),
    "Jane Doe_73_assignsubmission_file/softmax.ipynb": nb("jane 73"),
    "Jane Doe_74_assignsubmission_file_/softmax.ipynb": nb("jane 74"),
    "van_der_Berg_75_assignsubmission_file_softmax.ipynb": nb("berg"),
    "李小龙_76_assignsubmission_file_/softmax.ipynb": nb("li"),
    "Ada Lovelace_71_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
}
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Last modified (submission)\n"
    'Participant 71,Ada Lovelace,,ada@example.org,Submitted,,20.00,"Friday, 12 February 2027, 10:03 PM"\n'
    "Participant 73,Jane Doe,,jane.a@example.org,Submitted,,20.00,-\n"
    "Participant 74,Jane Doe,M-5,,Submitted,,20.00,-\n"
)


def test_moodle_folders_of_old_and_new_are_read(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = collected(zipped(tmp_path / "softmax.zip", MOODLE), "moodle", capsys=capsys)

    assert code == 0, said
    assert held(place) == {
        "ada-lovelace/softmax": "ada",  # no number: Moodle's differs with every assignment
        "o-neil-grace/softmax": "grace",
        "jane-doe-73/softmax": "jane 73",
        "jane-doe-74/softmax": "jane 74",
        "van-der-berg/softmax": "berg",
        "李小龙/softmax": "li",
    }


def test_the_worksheet_tells_namesakes_apart_and_when_the_work_came(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").write_text(f"{ROSTER}jane-c,Jane Doe,Jane.A@example.org,,,,\r\n")
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(WORKSHEET)
    archive = zipped(tmp_path / "softmax.zip", MOODLE)
    more = ("--worksheet", str(worksheet), "--zone", "Europe/Paris")
    _, summary, _ = collected(archive, "moodle", *more, capsys=capsys)

    found = held(place)
    assert (found["ada/softmax"], found["jane-c/softmax"], found["jane-b/softmax"]) == ("ada", "jane 73", "jane 74")
    assert next(one["time"] for one in summary["collected"] if one["student"] == "ada") == "2027-02-12T21:03:00+00:00"
    stamp = place / "submitted" / "ada" / "softmax" / "timestamp.txt"
    assert stamp.read_text() == "2027-02-12 21:03:00.000000 UTC\n"


def test_times_without_a_zone_are_not_used(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(WORKSHEET)
    collected(zipped(tmp_path / "softmax.zip", MOODLE), "moodle", "--worksheet", str(worksheet), capsys=capsys)

    assert not list((place / "submitted").rglob("timestamp.txt"))


# ── Gradescope ────────────────────────────────────────────────────────────────────────────────────

METADATA = """---
submission_501:
  :submitters:
  - :name: Ada Lovelace
    :sid: S-1
    :email: ada@example.org
  :created_at: 2027-02-12 21:58:03.123456000 Z
  :score: 3.5
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: !ruby/array:Array [1, 2]
    at: !ruby/object:DateTime 2027-01-01
submission_502:
  :submitters:
  - :name: Grace Hopper
    :sid: S-2
    :email: grace@example.org
  - :name: "Turing, Alan"
    :sid: ''
    :email: alan@example.org
  :created_at: 2027-02-13 08:00:00.000000000 +01:00
submission_504:
  :submitters:
  - :name: 李小龙
    :email: li@example.org
submission_505:
  :submitters:
  - :name: van_der_Berg
    :sid: S_5
"""
GRADESCOPE: Files = {
    "assignment_77_export/submission_metadata.yml": METADATA,
    "assignment_77_export/submission_501/softmax.ipynb": nb("ada"),
    "assignment_77_export/submission_501/notes.txt": "notes",
    "assignment_77_export/submission_502/deep/er/softmax (1).ipynb": nb("grace and alan"),
    "assignment_77_export/submission_503/softmax.ipynb": nb("nobody's"),
    "assignment_77_export/submission_504/softmax.ipynb": nb("li"),
    "assignment_77_export/submission_505/van_der_Berg_softmax.ipynb": nb("berg"),
}


def test_gradescope_says_whose_it_is_and_when_it_came(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").write_text(ROSTER)
    code, summary, said = collected(zipped(tmp_path / "export.zip", GRADESCOPE), "gradescope", capsys=capsys)

    assert held(place) == {
        "ada/softmax": "ada",
        "grace/softmax": "grace and alan",
        "turing-alan/softmax": "grace and alan",
        "li/softmax": "li",
        "van-der-berg-S-5/softmax": "berg",
    }
    times = {one["student"]: one["time"] for one in summary["collected"]}
    assert times["ada"] == "2027-02-12T21:58:03.123456+00:00"
    assert times["grace"] == times["turing-alan"] == "2027-02-13T07:00:00+00:00"
    assert code == 1
    assert "submission_503" in said


@pytest.mark.parametrize(
    "metadata",
    ["a: [", "", "- 1", "!!python/object/apply:os.mkdir [made_by_yaml]", "{? [1, 2] : 3}"],
)
def test_metadata_that_says_nothing_is_refused_in_one_line(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], metadata: str
) -> None:
    monkeypatch.chdir(tmp_path)
    archive = zipped(tmp_path / "x.zip", {**GRADESCOPE, "assignment_77_export/submission_metadata.yml": metadata})
    code, _, said = collected(archive, "gradescope", capsys=capsys)

    assert (code, said.count("\n")) == (2, 1)
    assert "submission_metadata.yml" in said
    assert not (place / "submitted").exists()
    assert not (tmp_path / "made_by_yaml").exists()


# ── folders ───────────────────────────────────────────────────────────────────────────────────────

FOLDERS: Files = {
    "ada/softmax/softmax.ipynb": nb("ada"),
    "ada/softmax/timestamp.txt": "2027-02-12 22:00:00 +0100",
    "ada/sampling/sampling.ipynb": nb("ada sampling"),
    "grace@example.org/Softmax_final.ipynb": nb("grace"),
    "Анна Иванова/softmax.ipynb": nb("anna"),
    "bob/.ipynb_checkpoints/softmax-checkpoint.ipynb": nb("old"),
    "bob/softmax.ipynb": nb("bob"),
    "bob/what.ipynb": nb("what"),
}


@pytest.mark.parametrize("above", ["", "submitted/"])
@pytest.mark.parametrize("make", [zipped, foldered])
def test_folders_of_students_are_taken_from_a_zip_or_a_folder(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path, Files], Path], above: str
) -> None:
    archive = make(tmp_path / "class.zip", {above + name: data for name, data in FOLDERS.items()})
    code, _, said = collected(archive, "folder", capsys=capsys)

    assert held(place) == {
        "ada/softmax": "ada",
        "ada/sampling": "ada sampling",
        "grace@example.org/softmax": "grace",
        "анна-иванова/softmax": "anna",
        "bob/softmax": "bob",
    }
    assert code == 1
    assert "bob/what.ipynb: which assignment is it?" in said
    stamp = place / "submitted" / "ada" / "softmax" / "timestamp.txt"
    assert stamp.read_text() == "2027-02-12 21:00:00.000000 UTC\n"


def test_github_classrooms_clones_are_read(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "roster.csv").write_text("id,name,github_id\nada,Ada Lovelace,ada-l\n")
    clones = foldered(
        tmp_path / "softmax-submissions",
        {
            "softmax-ada-l/softmax.ipynb": nb("ada"),
            "softmax-ada-l/README.md": "about",
            "softmax-ada-l/timestamp.txt": "2020-01-01 00:00:00 UTC",  # the student's own word
            "softmax-ada-l/.git/config": "",
            "softmax-grace/softmax/softmax.ipynb": nb("grace"),
        },
    )
    code, _, said = collected(clones, "folder", capsys=capsys)

    assert code == 0, said
    assert held(place) == {"ada/softmax": "ada", "grace/softmax": "grace"}
    assert not list((place / "submitted").rglob("timestamp.txt"))


# ── handed in again ───────────────────────────────────────────────────────────────────────────────

NOON = datetime(2027, 2, 12, 12, 0, tzinfo=UTC)
Made = tuple[Path, tuple[str, ...]]
"""An archive, and what else the command is told."""


def canvas_again(folder: Path, number: int) -> Made:
    name = f"lovelaceada_1001_{number}_softmax-{number}.ipynb"
    return zipped(folder / f"{number}.zip", {name: nb(f"v{number}")}), ()


def moodle_again(folder: Path, number: int) -> Made:
    """The names of all archives are the same: only the worksheet tells which is newer."""
    worksheet = folder / f"{number}.csv"
    came = f"{NOON + timedelta(minutes=number):%A, %d %B %Y, %I:%M %p}"
    worksheet.write_text(
        f'Identifier,Full name,Last modified (submission)\nParticipant 71,Ada Lovelace,"{came}"\n', encoding="utf-8"
    )
    name = "Ada Lovelace_71_assignsubmission_file_/softmax.ipynb"
    return zipped(folder / f"{number}.zip", {name: nb(f"v{number}")}), ("--worksheet", str(worksheet), "--zone", "UTC")


def gradescope_export(folder: Path, version: int, submission: int, created: str) -> Made:
    told = f"submission_{submission}:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: S-1\n{created}"
    files: Files = {
        "export/submission_metadata.yml": told,
        f"export/submission_{submission}/softmax.ipynb": nb(f"v{version}"),
    }
    return zipped(folder / f"{version}.zip", files), ()


def gradescope_again_by_id(folder: Path, number: int) -> Made:
    return gradescope_export(folder, number, number, "")


def gradescope_again_by_time(folder: Path, number: int) -> Made:
    """The ids say the opposite."""
    created = f"  :created_at: {NOON + timedelta(minutes=number):%Y-%m-%d %H:%M:%S.%f000 Z}\n"
    return gradescope_export(folder, number, 1000 - number, created)


def folder_again(folder: Path, number: int) -> Made:
    files: Files = {
        "ada/softmax.ipynb": nb(f"v{number}"),
        "ada/timestamp.txt": f"{NOON + timedelta(minutes=number):%Y-%m-%d %H:%M:%S} UTC",
    }
    return foldered(folder / str(number), files), ()


@pytest.mark.parametrize(
    ("again", "timed"),
    [
        (canvas_again, False),
        (moodle_again, True),
        (gradescope_again_by_id, False),
        (gradescope_again_by_time, True),
        (folder_again, True),
    ],
)
def test_the_newest_wins_in_any_order_of_archives_and_all_are_kept(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], again: Callable[[Path, int], Made], timed: bool
) -> None:
    system = again.__name__.partition("_")[0]
    changes, times = [], []
    for archive, more in [again(tmp_path, number) for number in (9, 100, 20)]:
        code, summary, said = collected(archive, system, "--assignment", "softmax", *more, capsys=capsys)
        assert code == 0, said
        (one,) = summary["collected"]
        changes.append(one["change"])
        times.append(one["time"])

    newest = (NOON + timedelta(minutes=100)).isoformat() if timed else ""
    assert changes == ["new", "replaced", "kept"]
    assert times[1:] == [newest, newest]
    ((home, source),) = held(place).items()
    assert source == "v100"
    history = place / "submitted" / home / ".history"
    assert {json.loads(path.read_text())["cells"][0]["source"] for path in history.glob("*.ipynb")} == {
        "v9",
        "v100",
        "v20",
    }
    assert (history.parent / "timestamp.txt").exists() is timed


# ── hostile and broken archives ───────────────────────────────────────────────────────────────────


def test_what_leads_out_or_is_no_file_is_refused_and_the_others_are_taken(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(
        tmp_path / "softmax.zip",
        {
            "ada/softmax.ipynb": nb("ada"),
            "../up/softmax.ipynb": nb("up"),
            "/etc/softmax.ipynb": nb("root"),
            "C:\\evil\\softmax.ipynb": nb("drive"),
            "bad\x07bell/softmax.ipynb": nb("bell"),
            "..\\..\\softmax.ipynb": nb("backslash"),
        },
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("eve/softmax.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    code, summary, said = collected(path, "folder", capsys=capsys)

    assert code == 1
    assert held(place) == {"ada/softmax": "ada"}
    assert len(summary["problems"]) == 6
    assert "eve/softmax.ipynb is a link" in said
    assert "\x07" not in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["course", "softmax.zip"]


def test_a_folder_with_links_and_pipes_is_taken_without_them(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = foldered(tmp_path / "class", {"ada/softmax.ipynb": nb("ada"), "secret/of/somebody.ipynb": nb("secret")})
    (source / "eve").mkdir()
    (source / "eve" / "softmax.ipynb").symlink_to(source / "secret" / "of" / "somebody.ipynb")
    (source / "mallory").symlink_to(source / "ada")
    (source / "trent").mkdir()
    os.mkfifo(source / "trent" / "softmax.ipynb")
    _, summary, _ = collected(source, "folder", "--assignment", "softmax", capsys=capsys)

    assert set(held(place)) == {"ada/softmax", "secret/softmax"}
    assert len(summary["problems"]) == 3


def test_a_link_in_submitted_is_not_written_through(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (place / "submitted").mkdir()
    (place / "submitted" / "ada").symlink_to(elsewhere)
    code, _, said = collected(zipped(tmp_path / "x.zip", FOLDERS), "folder", capsys=capsys)

    assert code == 1
    assert "is a link" in said
    assert not list(elsewhere.iterdir())


def test_a_bomb_is_not_unpacked(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = zipped(tmp_path / "x.zip", {"ada/softmax.ipynb": nb("ada"), "eve/softmax.ipynb": b"\0" * (5 * 1024 * 1024)})
    code, _, said = collected(path, "folder", capsys=capsys)

    assert path.stat().st_size < 20_000
    assert (code, held(place)) == (1, {"ada/softmax": "ada"})
    assert "eve/softmax.ipynb is larger than 4 MB" in said
    assert sum(size.stat().st_size for size in place.rglob("*") if size.is_file()) < 10_000


def test_what_is_read_of_one_archive_is_bounded_as_a_whole(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("autograder.lms.archive.MAX_TOTAL", 2500)
    files: Files = {f"{name}/softmax.ipynb": nb(name * 300) for name in ("ada", "bob", "eve")}
    code, _, said = collected(zipped(tmp_path / "x.zip", files), "folder", capsys=capsys)

    assert (code, set(held(place))) == (1, {"ada/softmax", "bob/softmax"})
    assert "eve/softmax.ipynb is too much" in said


def test_a_header_that_lies_about_the_size_does_not_help(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = 5 * 1024 * 1024
    path = zipped(tmp_path / "x.zip", {"eve/softmax.ipynb": b"\0" * size, "ada/softmax.ipynb": nb("ada")})
    data = path.read_bytes()
    assert data.count(struct.pack("<L", size)) >= 2
    path.write_bytes(data.replace(struct.pack("<L", size), struct.pack("<L", 10)))
    code, _, said = collected(path, "folder", capsys=capsys)

    assert (code, held(place)) == (1, {"ada/softmax": "ada"})
    assert "eve/softmax.ipynb is damaged" in said


def test_an_encrypted_and_a_damaged_member_stop_nobody_else(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path / "x.zip", {f"{name}/softmax.ipynb": nb(name) for name in ("ada", "eve", "bob")})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        broken = archive.getinfo("bob/softmax.ipynb").header_offset + 30 + len("bob/softmax.ipynb")
    data[broken : broken + 8] = b"\xff" * 8
    central = data.rindex(b"PK\x01\x02", 0, data.rindex(b"eve/softmax.ipynb"))
    data[central + 8] |= 1
    path.write_bytes(bytes(data))
    code, _, said = collected(path, "folder", capsys=capsys)

    assert (code, held(place)) == (1, {"ada/softmax": "ada"})
    assert "eve/softmax.ipynb is encrypted" in said
    assert "bob/softmax.ipynb is damaged" in said
    assert said.count("not collected") == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04 nothing"), "not a zip archive"),
        (lambda path: zipped(path, {"readme.txt": "hello"}), "looks like a submission from canvas"),
        (lambda _: None, "no file or folder"),
    ],
)
def test_what_is_no_archive_of_that_system_is_a_usage_error(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / "x.zip")
    code, _, said = collected(tmp_path / "x.zip", "canvas", "--assignment", "softmax", capsys=capsys)

    assert (code, said.count("\n")) == (2, 1)
    assert words in said
    assert not (place / "submitted").exists()


def test_a_class_of_fifty_thousand_files_is_too_much(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert courses.find_root() == place
    assert archives.MAX_MEMBERS == 50_000
    monkeypatch.setattr(archives, "MAX_MEMBERS", 4)
    for make in (zipped, foldered):
        code, _, said = collected(make(tmp_path / make.__name__, FOLDERS), "folder", capsys=capsys)
        assert code == 2
        assert "more than 4" in said


# ── the roster ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,email\nAda,a@b\n", "no column id"),
        ("id,name\nada,Ada\nada,Ada\n", "there twice"),
        ("id,name\n../ada,Ada\n", "cannot be an id"),
        ("id,name\n.ada,Ada\n", "cannot be an id"),
        ("id,canvas_id\nada,7\nalan,7\n", "ada's already"),
        ("", "is empty"),
        ("id,name\nada,Ada,more,cells\n", "more cells than columns"),
    ],
)
def test_a_roster_that_is_none_says_so(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (place / "roster.csv").write_text(text)
    code, _, said = collected(zipped(tmp_path / "x.zip", FOLDERS), "folder", capsys=capsys)

    assert (code, said.count("\n")) == (2, 1)
    assert words in said


def test_a_roster_in_another_encoding_or_with_semicolons_is_read(tmp_path: Path) -> None:
    for number, (text, encoding) in enumerate(
        (
            (ROSTER, "utf-16"),
            (ROSTER, "utf-8-sig"),
            ("id;name\nada;Ada Lovelace\n", "utf-8"),
            ("id\tname\nada\tAda Lovelace\n", "utf-8"),
        )
    ):
        path = tmp_path / f"{number}.csv"
        path.write_text(text, encoding=encoding)
        assert roster.load(path).students["ada"].name == "Ada Lovelace"


@pytest.mark.parametrize("name", ["lovelaceada", "Ada Lovelace", "LOVELACE, Ada", "ada lovelace", "Ada  Lovelace"])
def test_a_name_is_found_in_all_its_forms(name: str) -> None:
    found = Roster([Student("ada", "Ada Lovelace")]).find_by_name(Person(name))
    assert found is not None
    assert found.id == "ada"


def test_two_people_are_never_made_one_by_their_name() -> None:
    one = Roster([Student("jane", "Jane Doe")])
    people = [Person("Jane Doe", tag="1"), Person("Jane Doe", tag="2")]
    assert set(identify(people, one).values()) == {"jane-doe-1", "jane-doe-2"}
    two = Roster([Student("a", "Jane Doe"), Student("b", "Jane Doe")])
    assert set(identify(people[:1], two).values()) == {"jane-doe-1"}
    other = Roster([Student("jane", "Jane Doe", numbers={"canvas_id": "7"})])
    assert other.find_by_name(Person("Jane Doe", numbers={"canvas_id": "8"})) is None
    assert len(set(identify([Person("Jane Doe"), Person("Jane-Doe")], Roster()).values())) == 2


def test_a_made_id_is_never_a_students() -> None:
    ids = identify([Person("Ada")], Roster([Student("ada", "Ada Lovelace")]))
    assert "ada" not in ids.values()


@pytest.mark.parametrize("name", ["", "...", "../../etc", "a" * 300, "<script>", "-rf", "\x00", "李小龙", "a/b\\c"])
def test_a_safe_id_is_always_a_plain_folder_name(name: str) -> None:
    for tag in ("", "12", "../x"):
        made = safe_id(Person(name, tag=tag))
        assert made
        assert len(made.encode()) < 250
        assert not set(made) & set("/\\.<>\x00 ")
        assert made[0].isalnum()


def test_an_underscored_canvas_name_is_read_to_its_first_pair_of_numbers(tmp_path: Path) -> None:
    name = "van_der_berg_LATE_12_345_my_7_8_file.ipynb"
    with opened(zipped(tmp_path / "x.zip", {name: nb("x")})) as archive:
        (file,) = canvas(archive, ()).files
    assert (file.person.name, file.person.tag, file.number, file.late) == ("van_der_berg", "12", 345, True)
    assert file.filename == "my_7_8_file.ipynb"


def test_a_full_disk_leaves_whole_files_only(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = zipped(tmp_path / "softmax.zip", CANVAS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        code, _, said = collected(archive, "canvas", capsys=capsys)
    assert (code, said.count("\n")) == (4, 1)
    assert "No space left" in said
    assert not [path for path in (place / "submitted").rglob("*") if path.is_file()]
    assert collected(archive, "canvas", capsys=capsys)[0] == 0
    assert held(place)["lovelaceada-1001/softmax"] == "ada 2"
