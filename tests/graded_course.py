"""A course with results to export, and the files of Canvas and Moodle that wait for its grades."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_report import report_of

from autograder import cli
from autograder import course as courses
from autograder.journal import Done, keep
from autograder.model import Judgement, NotGradable
from autograder.notebook import timestamp
from autograder.submitted import Job

ROOT = Path(__file__).resolve().parent.parent
DUE = datetime(2027, 2, 12, 22, 0, tzinfo=UTC)
CONFIG = """
from datetime import UTC, datetime
from autograder.model import Assignment, Course, Late
due = datetime(2027, 2, 12, 22, 0, tzinfo=UTC)
course = Course("c", "A course", (
    Assignment("softmax", "Next-word logits to probabilities", due=due), Assignment("sampling", "Temperature, top-k, top-p", due=due),
    Assignment("diffusion", "Pictures out of noise", due=due, bonus=True)), late=Late(percent_per_day=10), drop_worst=0)
"""
ROSTER = (
    "id,name,email,canvas_id,moodle_id,sis_id\n"
    "ada,Ada Lovelace,ada@example.org,1001,,S-1\n"
    'grace,"Hopper, Grace",grace@example.org,1002,,\n'
    "alan,Alan Turing,alan@example.org,1003,M-3,\n"
    'eve,"=HYPERLINK(""http://evil"",""x"")",eve@example.org,1004,,\n'
    "li,李小龙,li@example.org,1005,,\n"
    "edsger,Edsger Dijkstra,,1006,,\n"
)
SHARES: dict[str, dict[str, float | None]] = {
    "softmax": {"ada": 1.0, "grace": 0.5, "alan": None, "eve": 0.25, "li": 0.0},
    "sampling": {"ada": 1.0, "grace": 1.0, "alan": 1.0},
    "diffusion": {"ada": 0.5},
}
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Next-word logits to probabilities (501),Essay (502),"
    '"Temperature, top-k, top-p (503)",Pictures (diffusion) (504),Current Score\n'
    "    Points Possible,,,,,20,100,20,0,(read only)\n"
    '"Lovelace, Ada",1001,S-1,ada,One,1,77,,,50\n'
    '"Hopper, Grace",1002,,,One,,,,,\n'
    '"Turing, Alan",1003,,,One,3,,,,\n'
    '"Doe, Jane",2001,,,One,5,,EX,,\n'
    '"Student, Test",9999,,,One,,,,,\n'
)
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 71,Ada Lovelace,ada@example.org,Submitted,,20.00,Yes,"Friday, 12 February 2027, 10:03 PM",-,well done\n'
    "Participant 72,Grace_ Hopper,grace@example.org,Submitted,,20.00,Yes,-,-,\n"
    "Participant 73,Alan Turing,alan@example.org,Submitted,4.00,20.00,Yes,-,-,\n"
    "Participant 74,Nobody Else,nobody@example.org,No submission,,20.00,Yes,-,-,\n"
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with results of three assignments.  grace's softmax came 25 hours late; alan's grade there is withheld."""
    root = tmp_path_factory.mktemp("graded") / "course"
    for name in SHARES:
        shutil.copytree(ROOT / "release" / name, root / "release" / name)
    (root / courses.CONFIG).write_text(CONFIG)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    course = courses.load(root)
    for name, shares in SHARES.items():
        for student, share in shares.items():
            path = root / "submitted" / student / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True)
            late = timedelta(hours=25) if (student, name) == ("grace", "softmax") else timedelta()
            (path.parent / "timestamp.txt").write_text(timestamp.written(DUE + late))
            judgement = Judgement(report_of(course, name, student, share))
            keep(course, Done(Job(path, student), NotGradable(path, name, student, ""), judgement))
    return root


@pytest.fixture
def place(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "course"
    shutil.copytree(original, root)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    return root


def exported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli.main(["export", *words])
    return code, *capsys.readouterr()


def records(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))
