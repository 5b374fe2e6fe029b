"""The command `export`: its plain table, what it says of a grade that is missing or may be wrong, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import graded_course
import pandas as pd
import pytest
from graded_course import GRADEBOOK, WORKSHEET, exported, records
from sample_report import report_of

from autograder import cli, gradebook
from autograder import course as courses
from autograder.lms.tables import cell
from autograder.model import NOT_SANDBOXED, Judgement, NotGradable

original, place = graded_course.original, graded_course.place  # the fixtures

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
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
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


# ── the command ───────────────────────────────────────────────────────────────────────────────────


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
