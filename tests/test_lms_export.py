"""Exports, each read back by the rules of the system that it is for."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pandas as pd
import pytest
from sample_report import report_of

from autograder import cli, gradebook
from autograder import course as courses
from autograder.journal import Done, keep
from autograder.lms.layouts import PARTICIPANT
from autograder.lms.tables import cell
from autograder.model import (
    NOT_SANDBOXED,
    Judgement,
    NotGradable,
)
from autograder.notebook import timestamp
from autograder.submitted import Job

ROOT = Path(__file__).resolve().parent.parent
DUE = datetime(2027, 2, 12, 22, 0, tzinfo=UTC)
SCHEMA = json.loads((ROOT / "autograder" / "lms" / "results.schema.json").read_text(encoding="utf-8"))
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


# ── plain CSV ─────────────────────────────────────────────────────────────────────────────────────


def test_the_table_of_the_course_is_read_by_pandas(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = exported(capsys, "--to", "csv")
    path = place / "exports" / "grades.csv"
    table = pd.read_csv(path).set_index("student")

    assert code == 4  # a grade is withheld
    assert out.strip() == str(path)
    assert list(table.index) == ["ada", "grace", "alan", "eve", "li", "edsger"]
    assert table.loc["ada", ["softmax", "sampling", "diffusion"]].tolist() == [20, 20, 5]
    assert table.loc["ada", ["points", "of", "percent", "bonus"]].tolist() == [45, 40, 112.5, 5]
    assert table.loc["grace", ["softmax", "softmax_penalty", "points"]].tolist() == [8, 2, 28]
    assert table.loc["li", "softmax"] == 0
    assert pd.isna(table.loc["edsger", "softmax"])
    assert table.loc["edsger", "points"] == 0


def test_a_withheld_grade_is_empty_and_said_aloud(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, said = exported(capsys, "softmax", "--to", "csv", "--into", "-")
    row = next(row for row in records(out) if row["student"] == "alan")

    assert code == 4
    assert (row["softmax"], row["points"], row["percent"], row["withheld"]) == ("", "", "", "softmax")
    assert "alan in softmax is WITHHELD" in said
    assert not (place / "exports").exists()


def test_what_has_not_been_graded_is_no_zero(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "submitted" / "edsger" / "sampling").mkdir(parents=True)
    code, out, said = exported(capsys, "sampling", "--to", "csv", "--into", "-")
    row = next(row for row in records(out) if row["student"] == "edsger")

    assert (code, row["sampling"], row["points"]) == (4, "", "")
    assert "it has not been graded" in said


def test_a_result_without_the_sandbox_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = place / "results" / "sampling" / "ada.json"
    result.write_text(result.read_text().replace('"sandbox": "partial"', f'"sandbox": "{NOT_SANDBOXED}"'))
    _, _, said = exported(capsys, "sampling", "--to", "csv")

    assert said == "autograder: ada's result in sampling was made without the sandbox.\n"


def test_a_newer_submission_than_the_grade_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = place / "results" / "sampling" / "ada.json"
    data = json.loads(result.read_text())
    data[0]["fingerprint"]["submission"] = "sha256:00"
    result.write_text(json.dumps(data))
    (place / "submitted" / "ada" / "sampling" / "sampling.ipynb").write_text("{}")
    code, _, said = exported(capsys, "sampling", "--to", "csv")

    assert code == 0
    assert "ada has handed in sampling anew" in said


def test_what_a_person_booked_is_what_is_exported(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nbgrader.api import Gradebook

    course = courses.load(place)
    (assignment,) = courses.pick(course, ["softmax"])
    gradebook.register(course, assignment)
    path = place / "submitted" / "grace" / "softmax" / "softmax.ipynb"
    report = report_of(course, "softmax", "grace", 0.5)
    gradebook.record(course, [(NotGradable(path, "softmax", "grace", ""), Judgement(report))])
    with Gradebook(courses.gradebook_url(course), course.name) as book:
        grade = book.find_grade("softmax", "softmax", "softmax", "grace")
        grade.manual_score, grade.extra_credit = grade.auto_score + 3, 1.0
        book.db.commit()
    _, out, _ = exported(capsys, "softmax", "--to", "csv", "--into", "-")
    rows = {row["student"]: row for row in records(out)}

    assert (rows["grace"]["softmax"], rows["grace"]["softmax_penalty"]) == ("11.2", "2.8")  # 20 % of 10 + 3 + 1
    assert rows["ada"]["softmax"] == "20"


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-2.5", "-2.5"),
        ("+49123", "+49123"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.3"),
        (1234567.89, "1234567.89"),
        ("a=b", "a=b"),
        (None, ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(value: object, safe: str) -> None:
    assert cell(value) == safe


def test_a_hostile_name_runs_in_no_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(capsys, "--to", "csv")
    exported(capsys, "--to", "canvas")
    for name, column in (("grades", "name"), ("canvas", "Student")):
        found = [row[column] for row in records((place / "exports" / f"{name}.csv").read_text(encoding="utf-8"))]
        assert [value for value in found if "HYPERLINK" in value] == ['\'=HYPERLINK("http://evil","x")']


# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────

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


def canvas_reads(text: str) -> dict[str, dict[str, str]]:
    """The grades by student id, as Canvas reads an upload: the first columns by name, the row of points, then "Title (id)"."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header, points, *students = rows
    assert header[:2] == ["Student", "ID"]
    assert set(header[2:5]) == {"SIS User ID", "SIS Login ID", "Section"}
    assert points[0] == "    Points Possible"
    assert points[1] == ""
    assert {len(row) for row in rows} == {len(header)}
    return {row[1]: dict(zip(header[5:], row[5:], strict=True)) for row in students}


def test_the_canvas_gradebook_is_filled_in(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = place / "gradebook.csv"
    template.write_text(GRADEBOOK, encoding="utf-8-sig")
    code, _, said = exported(capsys, "--to", "canvas", "--template", str(template), "--into", str(tmp_path / "out.csv"))
    found = canvas_reads((tmp_path / "out.csv").read_text(encoding="utf-8"))
    first, second, bonus = list(found["1001"])

    assert (first, second, bonus) == (
        "Next-word logits to probabilities (501)",
        "Temperature, top-k, top-p (503)",
        "Pictures (diffusion) (504)",
    )
    assert list(found["1001"].values()) == ["20", "20", "5"]
    assert found["1002"][first] == "8"
    assert (found["1003"][first], found["1003"][second]) == ("", "20")  # withheld
    assert (found["2001"][first], found["2001"][second]) == ("5", "EX")  # not ours: as it was
    assert list(found["9999"].values()) == ["", "", ""]
    assert code == 4
    assert "alan in softmax is WITHHELD" in said
    assert "li has grades and is not in the Canvas file" in said


def test_without_a_template_canvas_gets_who_has_a_number(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = place / "roster.csv"
    roster.write_text(ROSTER.replace("li@example.org,1005", "li@example.org,"), encoding="utf-8")
    _, _, said = exported(capsys, "--to", "canvas")
    text = (place / "exports" / "canvas.csv").read_text(encoding="utf-8")

    assert set(canvas_reads(text)) == {"1001", "1002", "1003", "1004", "1006"}
    assert canvas_reads(text)["1001"]["Pictures out of noise"] == "5"
    assert list(csv.reader(io.StringIO(text)))[1][5:] == ["20", "20", "0"]
    assert "li has grades and is not in the Canvas file" in said


def test_ids_that_collect_made_are_found_again(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "roster.csv").unlink()
    (place / "results" / "softmax" / "li.json").rename(place / "results" / "softmax" / "lixiaolong-1005.json")
    template = tmp_path / "gradebook.csv"
    template.write_text(f"{GRADEBOOK}李小龙,1005,,,One,,,,,\n", encoding="utf-8")
    exported(capsys, "softmax", "--to", "canvas", "--template", str(template), "--into", str(tmp_path / "out.csv"))
    found = canvas_reads((tmp_path / "out.csv").read_text(encoding="utf-8"))

    assert list(found["1005"].values()) == ["0"]
    assert list(found["1001"].values()) == ["20"]  # by the login


def test_namesakes_without_a_number_get_nothing(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").write_text("id,name\nada,Ada Lovelace\n")
    template = tmp_path / "gradebook.csv"
    lines = GRADEBOOK.replace("S-1,ada,", ",,") + '"Lovelace, Ada",1099,,,One,,,,,\n'
    template.write_text(lines)
    _, _, said = exported(
        capsys, "softmax", "--to", "canvas", "--template", str(template), "--into", str(tmp_path / "o.csv")
    )
    found = canvas_reads((tmp_path / "o.csv").read_text(encoding="utf-8"))

    assert (list(found["1001"].values()), list(found["1099"].values())) == (["1"], [""])
    assert "ada has grades and is not in the Canvas file" in said


# ── Moodle ────────────────────────────────────────────────────────────────────────────────────────

WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 71,Ada Lovelace,ada@example.org,Submitted,,20.00,Yes,"Friday, 12 February 2027, 10:03 PM",-,well done\n'
    "Participant 72,Grace_ Hopper,grace@example.org,Submitted,,20.00,Yes,-,-,\n"
    "Participant 73,Alan Turing,alan@example.org,Submitted,4.00,20.00,Yes,-,-,\n"
    "Participant 74,Nobody Else,nobody@example.org,No submission,,20.00,Yes,-,-,\n"
)


def test_the_moodle_worksheet_is_filled_in(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = tmp_path / "worksheet.csv"
    template.write_text(WORKSHEET)
    code, _, said = exported(capsys, "softmax", "--to", "moodle", "--template", str(template))
    text = (place / "exports" / "moodle" / "softmax-grades.csv").read_text(encoding="utf-8")
    found = {row["Identifier"]: row for row in records(text)}

    assert text.splitlines()[0] == WORKSHEET.splitlines()[0]
    assert [row["Grade"] for row in found.values()] == ["20", "8", "", ""]
    assert found["Participant 71"]["Feedback comments"] == "well done"
    assert "2 of 10 points: 8 count" in found["Participant 72"]["Feedback comments"]
    assert found["Participant 71"]["Last modified (submission)"] == "Friday, 12 February 2027, 10:03 PM"
    assert code == 4
    assert "alan in softmax is WITHHELD" in said
    assert "li has a grade and is not in the worksheet" in said


def moodle_takes(archive: zipfile.ZipFile) -> dict[int, list[str]]:
    """Participant → files, as Moodle's importer of feedback reads names: cut at the first four underscores."""
    found: dict[int, list[str]] = {}
    for name in archive.namelist():
        folder, _, file = name.partition("/")
        _, participant, plugin, kind, rest = folder.split("_", 4)
        assert (plugin, kind, rest) == ("assignsubmission", "file", "")
        assert not file.startswith((".", "~"))
        found.setdefault(int(participant), []).append(file)
    return found


def test_the_feedback_zip_is_taken_by_moodles_importer(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "worksheet.csv"
    template.write_text(WORKSHEET)
    for student in ("ada", "grace"):
        page = place / "feedback" / student / "softmax" / "softmax.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"the page of {student}")
    _, _, said = exported(
        capsys, "softmax", "--to", "moodle", "--template", str(template), "--into", str(tmp_path / "out")
    )
    with zipfile.ZipFile(tmp_path / "out" / "softmax-feedback.zip") as archive:
        assert moodle_takes(archive) == {71: ["softmax.html"], 72: ["softmax.html"]}
        assert archive.read("Grace  Hopper_72_assignsubmission_file_/softmax.html") == b"the page of grace"
    assert "alan has no page" in said


@pytest.mark.parametrize("text", ["Participant 71", "Teilnehmer/in71", "参加者 71", "71"])
def test_a_participant_is_known_in_any_language(text: str) -> None:
    assert PARTICIPANT.sub("", text) == "71"


# ── Gradescope ────────────────────────────────────────────────────────────────────────────────────


def test_results_json_follows_the_schema_and_tells_what_the_page_tells(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = exported(capsys, "softmax", "--to", "gradescope")
    folder = place / "exports" / "gradescope" / "softmax"
    found = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/results.json")}

    assert code == 4
    assert set(found) == {"ada", "grace", "eve", "li"}  # not alan's, which is withheld
    for results in found.values():
        jsonschema.validate(results, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert (found["ada"]["score"], found["grace"]["score"]) == (20, 8)
    assert "2 of 10 points: 8 count" in found["grace"]["output"]
    assert "Sandbox: partial" in found["ada"]["output"]
    assert {test["visibility"] for test in found["eve"]["tests"]} == {"visible"}
    scores = [test for test in found["eve"]["tests"] if "score" in test]
    assert sum(test["score"] for test in scores) == pytest.approx(5)
    assert sum(test["max_score"] for test in scores) == pytest.approx(20)
    failed = next(test for test in found["eve"]["tests"] if test.get("status") == "failed")
    assert failed["output"] == "Not passed.\n<b>f(1)</b> gave 2\nHint: Think."
    assert failed["output_format"] == "text"
    assert "secret" not in json.dumps(found)


def test_a_withheld_result_has_no_score_at_all(place: Path) -> None:
    from autograder.lms.results_json import results

    course = courses.load(place)
    found = results(report_of(course, "softmax", "alan", None), score=None)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert set(found) & {"score", "tests"} == set()
    assert "secret" not in json.dumps(found)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: {**data, "visibility": "shown"},
        lambda data: {**data, "score": "20"},
        lambda data: {**data, "tests": [{"score": 1}]},
        lambda data: {**data, "points": 3},
    ],
    ids=["visibility", "score", "test", "field"],
)
def test_the_schema_refuses_what_is_wrong(damage: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    good = {"score": 1.0, "tests": [{"name": "a", "score": 1.0, "max_score": 1.0}]}
    jsonschema.validate(good, SCHEMA, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(damage(good), SCHEMA, cls=jsonschema.Draft202012Validator)


# ── wrong input ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "template", "named"),
    [
        ("--to moodle", "", "name one"),
        ("softmax --to moodle", "", "worksheet"),
        ("softmax --to csv --template T", GRADEBOOK, "--template"),
        ("softmax --to moodle --template T", GRADEBOOK, "no column Identifier"),
        ("softmax --to moodle --template T", WORKSHEET.replace("20.00", "100.00"), "maximum grade of 100.00"),
        ("softmax --to canvas --template T", WORKSHEET, "no column Student"),
        ("softmax --to canvas --template T", GRADEBOOK.replace(",20,100", ",10,100"), "10 points in Canvas"),
        ("softmax --to canvas --template T", GRADEBOOK.replace("Next-word", "Next"), "no assignment"),
        ("softmax --to canvas --template nowhere.csv", "", "nowhere.csv"),
        ("softmax --to canvas --template T", "\x00\xff", "not a CSV file"),
        ("softmax --to gradescope --into -", "", "folder"),
        ("softmax --to csv --roster nowhere/roster.csv", "", "nowhere"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_no_file(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, template: str, named: str
) -> None:
    path = place / "template.csv"
    path.write_text(template, encoding="latin-1")
    code, out, said = exported(capsys, *(str(path) if word == "T" else word for word in words.split()))

    assert (code, out, said.count("\n")) == (2, "", 1)
    assert named in said
    assert not (place / "exports").exists()


def test_before_anything_is_graded_there_is_nothing_to_export(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(place / "results")
    code, _, said = exported(capsys, "--to", "csv")
    assert (code, said.count("\n")) == (2, 1)
    assert "autograder grade" in said


def test_the_summary_is_data_too(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = exported(capsys, "sampling", "--to", "csv", "--json", "-")
    found = json.loads(out)
    assert found["written"] == [str(place / "exports" / "grades.csv")]
    assert found["withheld"] == []


def test_nobody_with_a_number_and_no_template_is_said_and_nothing_is_written(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "roster.csv").unlink()

    assert cli.main(["export", "--to", "canvas"]) == 2
    said = capsys.readouterr().err
    assert "roster.csv" in said
    assert "--template" in said
    assert len(said.splitlines()) == 1
    assert not (place / "exports" / "canvas.csv").exists()


def test_a_gradebook_is_found_whatever_its_address_says_besides(place: Path) -> None:
    course = courses.load(place)
    settings = dataclasses.replace(course, gradebook_url=f"sqlite:///{place}/other.db?timeout=5")
    assert not gradebook.exists(settings)
    (place / "other.db").touch()
    assert gradebook.exists(settings)
    assert not gradebook.exists(course)
    assert gradebook.exists(dataclasses.replace(course, gradebook_url="postgresql+psycopg://course@db/course"))
