"""Hostile and broken archives: what is dangerous or damaged is refused, and the rest is collected."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import lms_archives
import pytest
from lms_archives import FOLDERS, Files, collected, foldered, held, nb, zipped

from autograder import course as courses
from autograder.lms import archive as archives

place = lms_archives.place  # the fixture


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
