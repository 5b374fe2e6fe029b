"""What is collected again: the newest version counts, all are kept, and no file is written by half."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lms_archives
import pytest
from lms_archives import CANVAS, Files, collected, foldered, held, nb, zipped

from autograder import course as courses
from autograder import submitted

place = lms_archives.place  # the fixture


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


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


# ── in any order of archives ──────────────────────────────────────────────────────────────────────

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
