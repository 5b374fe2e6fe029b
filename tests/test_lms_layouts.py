"""Archives of Canvas, Moodle, Gradescope and folders → submitted/: whose each notebook is, and when it came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lms_archives
import pytest
from lms_archives import CANVAS, FOLDERS, ROSTER, WORKSHEET, Files, collected, foldered, held, nb, zipped

from autograder.lms.archive import opened
from autograder.lms.layouts import canvas

place = lms_archives.place  # the fixture

# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────


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


def test_an_underscored_canvas_name_is_read_to_its_first_pair_of_numbers(tmp_path: Path) -> None:
    name = "van_der_berg_LATE_12_345_my_7_8_file.ipynb"
    with opened(zipped(tmp_path / "x.zip", {name: nb("x")})) as archive:
        (file,) = canvas(archive, ()).files
    assert (file.person.name, file.person.tag, file.number, file.late) == ("van_der_berg", "12", 345, True)
    assert file.filename == "my_7_8_file.ipynb"


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
