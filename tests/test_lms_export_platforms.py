"""Exports for Canvas, Moodle and Gradescope, each read back by the rules of its platform."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graded_course
import jsonschema  # type: ignore[import-untyped]
import pytest
from graded_course import GRADEBOOK, ROOT, ROSTER, WORKSHEET, exported, records
from sample_report import report_of

from autograder import course as courses
from autograder.lms.layouts import PARTICIPANT

original, place = graded_course.original, graded_course.place  # the fixtures

# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────


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

SCHEMA = json.loads((ROOT / "autograder" / "lms" / "results.schema.json").read_text(encoding="utf-8"))


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
