"""A file that cannot be graded gets one sentence, which says what it is."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
import small_course
from sample_notebook import LIMITS, MANIFEST, answer, answered, cell, hand_in
from small_course import NAME

from autograder import submitted
from autograder.model import Limits, NotGradable
from autograder.notebook import read
from autograder.release import source_manifest

WHOLE = json.dumps(answered()).encode()


def _zip(*names: str) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _other_assignment() -> bytes:
    nb = {
        "nbformat": 4,
        "cells": [cell(0, "import os", mark={"grade_id": "setup"}), answer(1, "wordpiece", "def wordpiece(): 1", 2)],
    }
    return json.dumps(nb).encode()


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "only null bytes": (b"\x00" * 100, "is empty"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "its end is missing"),
    "damaged": (WHOLE.replace(b'"cells":', b'"cells"', 1), "is damaged"),
    "in a merge": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> main\n]}', "Git merge"),
    "a Word document": (_zip("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "an old Word"),
    "a zip": (_zip("a.txt"), "a zip archive, not"),
    "a zipped notebook": (_zip("numbers.ipynb"), "a zip archive that holds a notebook"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "a script": (b"import torch\n", "a Python script"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "plain text": (b"I have done it all", "is not a Jupyter notebook"),
    "a list": (b"[1, 2]", "JSON but not a Jupyter notebook"),
    "null": (b"null", "JSON but not a Jupyter notebook"),
    "another JSON": (b'{"cells": {"a": 1}}', "JSON but not a Jupyter notebook"),
    "no cells": (b'{"cells": [], "nbformat": 4}', "has no cells"),
    "nested": (b"[" * 100_000, "nested more deeply"),
    "all brackets": (b"[" + b"{}," * 400_000 + b"1]", "larger than 1 MB"),
    "too many cells": (b'{"cells": [' + b"{}," * 2500 + b"{}]}", "more than 2000"),
    "too large": (b'{"cells": ["' + b"x" * 2**20 + b'"]}', "larger than 1 MB"),
    "a huge number": (b'{"cells": [' + b"9" * 5000 + b"]}", "is damaged"),
    "another assignment": (_other_assignment(), "another assignment (it has wordpiece)"),
    "another notebook": (
        json.dumps({"nbformat": 4, "cells": [cell(0, "print(1)")]}).encode(),
        "belongs to the assignment numbers",
    ),
    "cells that are no cells": (b'{"cells": [1, null, [], "x"]}', "belongs to the assignment numbers"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_graded_gets_one_sentence(name: str) -> None:
    data, words = UNREADABLE[name]
    result = hand_in(data)
    assert isinstance(result, NotGradable)
    assert words in result.reason
    assert result.reason.endswith(".")
    assert (result.assignment, result.student) == ("numbers", "ada")


def test_brackets_are_counted_before_they_are_parsed(tmp_path: Path) -> None:
    path = tmp_path / "numbers.ipynb"
    path.write_bytes(b"[" + b"{}," * 1_100_000 + b"1]")
    result = read(path, MANIFEST, "ada", Limits())
    assert isinstance(result, NotGradable)
    assert "more parts" in result.reason


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    real = tmp_path / "real.ipynb"
    real.write_bytes(WHOLE)
    (tmp_path / "link.ipynb").symlink_to(real)
    (tmp_path / "dangling.ipynb").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "fifo.ipynb")
    reasons = {}
    for path in [
        *tmp_path.iterdir(),
        tmp_path / "missing.ipynb",
        tmp_path / "null\0.ipynb",
        tmp_path / ("x" * 300),
        Path("/dev/zero"),
    ]:
        result = read(path, MANIFEST, "ada", LIMITS)
        reasons[path.name] = result.reason if isinstance(result, NotGradable) else ""
    assert reasons.pop("real.ipynb") == ""
    assert "a link" in reasons["link.ipynb"]
    assert "a link" in reasons["dangling.ipynb"]
    assert "a folder" in reasons["folder.ipynb"]
    assert "ordinary file" in reasons["fifo.ipynb"]
    assert "ordinary file" in reasons["zero"]
    assert "none is called numbers.ipynb" in reasons["missing.ipynb"]
    assert all(reason.endswith(".") for reason in reasons.values())


def test_who_hands_in_a_link_is_told_so(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    small_course.hand_in(course, "ada")
    folder = course.root / "submitted"
    (folder / "eve").symlink_to("ada")
    (folder / "mallory").mkdir()
    (folder / "mallory" / NAME).symlink_to(f"../ada/{NAME}")
    (folder / "trudy" / NAME).mkdir(parents=True)
    (folder / "trudy" / NAME / f"{NAME}.ipynb").symlink_to(f"../../ada/{NAME}/{NAME}.ipynb")
    (assignment,) = course.assignments
    manifest = source_manifest(course, assignment)
    reasons = {
        job.student: found.reason
        for job in submitted.handed_in(course, assignment)
        if isinstance(found := read(job.path, manifest, job.student, course.limits), NotGradable)
    }

    assert reasons["eve"] == reasons["mallory"] == f"This is a link to another folder: hand in {NAME}.ipynb itself."
    assert reasons["trudy"] == f"This is a link to another file: hand in {NAME}.ipynb itself."
