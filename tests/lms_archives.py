"""Archives as learning management systems give them, and what `collect` makes of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder import cli
from autograder import course as courses

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
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Last modified (submission)\n"
    'Participant 71,Ada Lovelace,,ada@example.org,Submitted,,20.00,"Friday, 12 February 2027, 10:03 PM"\n'
    "Participant 73,Jane Doe,,jane.a@example.org,Submitted,,20.00,-\n"
    "Participant 74,Jane Doe,M-5,,Submitted,,20.00,-\n"
)
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
ROSTER = (
    "id,name,email,canvas_id,moodle_id,gradescope_id,sis_id\r\n"
    "ada,Ada Lovelace,ada@example.org,1001,,,\r\n"
    'grace,"Hopper, Grace",grace@example.org,,,,S-2\r\n'
    "li,李小龙,,,,,\r\n"
    "jane-a,Jane Doe,,1004,,,\r\n"
    "jane-b,Jane Doe,jane.b@example.org,1005,M-5,,S-5\r\n"
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
