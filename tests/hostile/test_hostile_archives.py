"""What students put into an archive changes nobody else's work and keeps nobody waiting: names, numbers, depths, packings, links."""

from __future__ import annotations

import json
import stat
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import lms_archives
import pytest
from lms_archives import Files, collected, foldered, held, nb, zipped

from autograder.lms import archive as archives

place = lms_archives.place  # the fixture
ADA_IN_MOODLE = "Ada Lovelace_71_assignsubmission_file_"


@pytest.mark.parametrize(
    "name",
    [
        f"Eve_72_assignsubmission_file_{ADA_IN_MOODLE}softmax.ipynb",
        f"Eve_72_assignsubmission_file_x_{ADA_IN_MOODLE}_softmax.ipynb",
        f"Eve_72_assignsubmission_file_/{ADA_IN_MOODLE}/softmax.ipynb",
        f"Eve_72_assignsubmission_file/{ADA_IN_MOODLE}softmax.ipynb",
    ],
)
def test_a_moodle_file_that_is_called_like_anothers_stays_its_owners(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    files: Files = {f"{ADA_IN_MOODLE}softmax.ipynb": nb("ada"), name: nb("eve")}
    collected(zipped(tmp_path / "softmax.zip", files), "moodle", capsys=capsys)

    assert held(place) == {"ada-lovelace/softmax": "ada", "eve/softmax": "eve"}


def test_two_owners_of_one_number_are_refused_by_name_and_the_older_work_stays(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").write_text("id,name,canvas_id\nada,Ada Lovelace,1001\ngrace,Grace Hopper,1002\n")
    first: Files = {
        "lovelaceada_1001_9001_softmax.ipynb": nb("ada"),
        "hoppergrace_1002_9002_softmax.ipynb": nb("grace"),
    }
    collected(zipped(tmp_path / "first.zip", first), "canvas", "--assignment", "softmax", capsys=capsys)
    second: Files = {**first, "eve_1001_9999_x_1003_9003_softmax.ipynb": nb("eve")}
    archive = zipped(tmp_path / "second.zip", second)
    code, _, said = collected(archive, "canvas", "--assignment", "softmax", capsys=capsys)

    assert code == 1
    assert "ada in softmax: this is the work of eve (1001) and lovelaceada (1001)" in said
    assert held(place) == {"ada/softmax": "ada", "grace/softmax": "grace"}


def test_who_calls_himself_almost_like_another_has_not_his_id(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first: Files = {f"{ADA_IN_MOODLE}/softmax.ipynb": nb("ada")}
    collected(zipped(tmp_path / "softmax.zip", first), "moodle", capsys=capsys)
    second: Files = {**first, "ADA_Lovelace_72_assignsubmission_file_/softmax.ipynb": nb("eve")}
    collected(zipped(tmp_path / "softmax.zip", second), "moodle", capsys=capsys)

    assert held(place)["ada-lovelace/softmax"] == "ada"


@pytest.mark.parametrize("login", ["ada", "ada-lovelace", "adalovelace", "Ada-Lovelace"])
def test_a_github_account_that_is_called_like_a_student_is_not_that_student(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], login: str
) -> None:
    (place / "roster.csv").write_text("id,name,github_id\nada,Ada Lovelace,countess\ngrace,Grace,\n")
    clones: Files = {"softmax-countess/softmax.ipynb": nb("ada"), f"softmax-{login}/softmax.ipynb": nb("eve")}
    collected(foldered(tmp_path / "softmax-submissions", clones), "folder", capsys=capsys)

    found = held(place)
    assert found.pop("ada/softmax") == "ada"
    assert list(found.values()) == ["eve"]


# ── depth, number, packing ────────────────────────────────────────────────────────────────────────


def test_folders_a_thousand_deep_are_left_out(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = foldered(tmp_path / "class", {"ada/softmax.ipynb": nb("ada"), "grace/softmax.ipynb": nb("grace")})
    lowest = source / "eve"
    lowest.mkdir()
    for _ in range(archives.MAX_DEPTH + 5):
        lowest /= "d"
        lowest.mkdir()
    (lowest / "softmax.ipynb").write_text(nb("eve"))
    limit = sys.getrecursionlimit()
    code, _, said = collected(source, "folder", capsys=capsys)
    assert (code, said.count("more than 30 deep")) == (1, 1)
    deep: Files = {f"eve/{'d/' * 490}softmax.ipynb": nb("eve"), "ada/softmax.ipynb": nb("ada")}
    code, _, said = collected(zipped(tmp_path / "x.zip", deep), "folder", capsys=capsys)
    assert (code, said.count("in more than 30 folders")) == (1, 1)

    assert held(place) == {"ada/softmax": "ada", "grace/softmax": "grace"}
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("make", [zipped, foldered])
def test_a_folder_of_far_too_many_files_is_left_out_alone(
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path, Files], Path],
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 20)
    monkeypatch.setattr(archives, "MAX_OF_ONE", 10)
    files: Files = {f"{name}/softmax.ipynb": nb(name) for name in ("ada", "grace")}
    files |= {f"eve/{number}.ipynb": nb("eve") for number in range(50)}
    for above in ("", "submitted/"):
        archive = make(tmp_path / f"class{len(above)}.zip", {above + name: data for name, data in files.items()})
        code, _, said = collected(archive, "folder", "--assignment", "softmax", capsys=capsys)

        assert (code, said.count("eve holds more than 10 files")) == (1, 1)
        assert held(place) == {"ada/softmax": "ada", "grace/softmax": "grace"}


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, 9, 98])
def test_only_the_usual_packing_is_unpacked(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], packing: int
) -> None:
    path = zipped(tmp_path / "x.zip", {"ada/softmax.ipynb": nb("ada")})
    with zipfile.ZipFile(path, "a") as archive:
        known = packing in {zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2}
        archive.writestr("eve/softmax.ipynb", nb("eve"), packing if known else zipfile.ZIP_STORED)
    if not known:
        data = bytearray(path.read_bytes())
        at = data.rindex(b"PK\x01\x02")
        data[at + 10 : at + 12] = packing.to_bytes(2, "little")
        path.write_bytes(data)
    code, _, said = collected(path, "folder", capsys=capsys)

    assert (code, held(place)) == (1, {"ada/softmax": "ada"})
    assert "eve/softmax.ipynb is packed in another way" in said


def test_whatever_byte_of_a_zip_is_broken_there_is_one_line_and_no_fault(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = zipped(tmp_path / "x.zip", {"ada/softmax.ipynb": nb("ada")}).read_bytes()
    for at in range(len(whole)):
        (tmp_path / "y.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        code, _, said = collected(tmp_path / "y.zip", "folder", capsys=capsys)
        assert code in {0, 1, 2}, (at, said)
        assert "fault" not in said
    assert not [path for path in place.rglob(".*") if path.is_file()]


def test_a_name_that_is_there_twice_is_said(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = zipped(tmp_path / "x.zip", {"ada/softmax.ipynb": nb("first"), "grace/softmax.ipynb": nb("grace")})
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("ada/softmax.ipynb", nb("last"))
    code, _, said = collected(path, "folder", capsys=capsys)

    assert (code, held(place)) == (1, {"ada/softmax": "last", "grace/softmax": "grace"})
    assert "ada/softmax.ipynb is there 2 times" in said


# ── what lies in submitted/ ───────────────────────────────────────────────────────────────────────


_ENTRY = {"source": "folder", "number": 0, "time": "", "late": False, "name": "x", "digest": "0" * 64}
LOGS = {
    "cut": "[",
    "deep": "[" * 100_000,
    "many": "{}" * 3,
    "time": json.dumps([{**_ENTRY, "time": "soon"}]),
    "number": json.dumps([{**_ENTRY, "number": "1"}]),
    "digest": json.dumps([{**_ENTRY, "digest": "../../../x"}]),
    "no-zone": json.dumps([{**_ENTRY, "time": "2027-02-12T21:58:03"}]),
}


@pytest.mark.parametrize("what", ["link", "notebook-folder", "timestamp-folder", "history-file", *LOGS])
def test_what_lies_in_one_students_folder_stops_nobody_else_and_nothing_goes_through_a_link(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = place / "submitted" / "eve" / "softmax"
    home.mkdir(parents=True)
    if what == "link":
        (home / ".history").symlink_to(elsewhere)
    elif what == "history-file":
        (home / ".history").touch()
    elif what in LOGS:
        foldered(home, {".history/log.json": LOGS[what]})
    else:
        (home / {"notebook-folder": "softmax.ipynb", "timestamp-folder": "timestamp.txt"}[what]).mkdir()
    files: Files = {f"{name}/softmax.ipynb": nb(name) for name in ("ada", "eve", "grace")}
    code, _, said = collected(zipped(tmp_path / "x.zip", files), "folder", capsys=capsys)

    assert (code, said.count("not collected")) == (1, 1)
    assert "submitted/eve/softmax/" in said
    assert not list(elsewhere.iterdir())
    assert {name: text for name, text in held_files(place).items() if "eve" not in name} == {
        "ada/softmax": "ada",
        "grace/softmax": "grace",
    }


def held_files(root: Path) -> dict[str, str]:
    """`held`, where a notebook's place may be taken by a folder."""
    found = {}
    for name in ("ada", "eve", "grace"):
        path = root / "submitted" / name / "softmax" / "softmax.ipynb"
        if path.exists() and stat.S_ISREG(path.lstat().st_mode):
            found[f"{name}/softmax"] = json.loads(path.read_text())["cells"][0]["source"]
    return found


@pytest.mark.parametrize("letter", ["a", "é", "李", "\U00020000"])
def test_a_long_name_is_no_folder_that_cannot_be_made(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], letter: str
) -> None:
    files: Files = {f"{letter * 200}/softmax.ipynb": nb("long"), f"{letter * 70}/softmax.ipynb": nb("longish")}
    files["ada/softmax.ipynb"] = nb("ada")
    collected(zipped(tmp_path / "x.zip", files), "folder", capsys=capsys)

    assert sorted(held(place).values()) == ["ada", "long", "longish"]
    assert all(len(path.name.encode()) <= 120 for path in (place / "submitted").iterdir())
