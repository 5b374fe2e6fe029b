"""The command `report`: the pages and files that it writes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sample_class
from bs4 import BeautifulSoup
from sample_class import STUDENTS, a_class, check, keep, report, reported, task

from autograder.model import Outcome

place = sample_class.place  # the fixture


def test_the_report_is_written_and_said_where(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = reported(capsys)
    pages = {path.name for path in (place / "report").glob("*.html")}
    links = [
        str(link["href"])
        for page in pages
        for link in BeautifulSoup((place / "report" / page).read_text(), "html.parser").select("a[href]")
    ]

    assert (code, err) == (0, "")
    assert "report/index.html" in out
    assert pages == {
        "index.html",
        *(f"{name}.html" for name in ("tokenization", "softmax", "sampling", "sentiment", "diffusion")),
    }
    assert [link for link in links if not link.startswith("#") and not (place / "report" / link).exists()] == []
    assert {path.name.split("-")[0] for path in (place / "report" / "data").iterdir()} >= {
        "course",
        "softmax",
        "sampling",
    }


def test_the_data_agree_with_the_page(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = reported(capsys, "softmax", "--json", "-")
    data = json.loads(out)
    (softmax,) = data["assignments"]
    rows = list(csv.DictReader(io.StringIO((place / "report/data/softmax-items.csv").read_text())))

    assert code == 0
    assert (data["schema"], data["anonymous"], softmax["assignment"]) == (1, False, "softmax")
    assert softmax["status"] == {"graded": 12, "not_gradable": 0, "grader_error": 0}
    assert [float(row["difficulty"]) for row in rows] == pytest.approx(
        [one["difficulty"] for one in (*softmax["tasks"], *softmax["checks"])], abs=0.006
    )
    assert {one["student"] for one in data["students"]} == set(STUDENTS)
    assert (place / "report/index.html").exists()
    assert not (place / "report/sampling.html").exists()


def test_the_csv_files_hold_the_results_of_the_class(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reported(capsys)
    reports = {"softmax": a_class(12, 0, "softmax"), "sampling": a_class(11, 1, "sampling")}

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(place / "report" / "data" / f"{name}.csv")

    for name, them in reports.items():
        ordered = sorted(them, key=lambda one: one.student)
        scores = read(f"{name}-scores").sort_values("student")
        assert list(scores.student) == [one.student for one in ordered]
        assert scores.score.to_numpy() == pytest.approx(np.array([one.score for one in ordered]))
        assert scores.max_score.to_numpy() == pytest.approx(np.array([one.max_score for one in ordered]))
        seconds = read(f"{name}-time").sort_values("student").seconds.to_numpy()
        assert seconds == pytest.approx(np.array([one.execution.seconds for one in ordered]), abs=0.00501)  # as kept
        memory = read(f"{name}-memory").sort_values("student").peak_memory_mb.to_numpy()
        assert list(memory) == [one.execution.peak_memory_mb for one in ordered]
    progress = read("course-progress").sort_values(["assignment", "student"])
    expected = sorted((name, one.student, 100 * one.score / one.max_score) for name in reports for one in reports[name])
    assert [tuple(row) for row in progress[["assignment", "student"]].to_numpy()] == [row[:2] for row in expected]
    assert progress.percent.to_numpy() == pytest.approx(np.array([row[2] for row in expected]), abs=1e-3)


def test_a_feedback_page_is_linked_where_there_is_one(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = place / "feedback" / "ada" / "softmax" / "softmax.html"
    page.parent.mkdir(parents=True)
    page.touch()
    reported(capsys)
    soup = BeautifulSoup((place / "report/softmax.html").read_text(), "html.parser")

    assert [link["href"] for link in soup.select("#student-table tbody a")] == ["../feedback/ada/softmax/softmax.html"]


@pytest.mark.parametrize("listed", [True, False])
def test_who_has_handed_in_nothing(place: Path, capsys: pytest.CaptureFixture[str], listed: bool) -> None:
    if listed:
        (place / "roster.csv").write_text("id,name\nada,Ada Lovelace\nradia,Radia Perlman\nzoe,Zoe Zimmer\n")
    reported(capsys)

    def missing(assignment: str) -> list[str]:
        soup = BeautifulSoup((place / f"report/{assignment}.html").read_text(), "html.parser")
        return [item.get_text() for item in soup.select("#missing li")]

    assert missing("softmax") == (["zoe"] if listed else [])
    assert missing("sampling") == (["radia", "zoe"] if listed else ["radia"])
    assert missing("tokenization") == (["radia", "zoe"] if listed else [name for name in STUDENTS if name != "ada"])


def test_no_spreadsheet_runs_a_cell(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(place, report("=1+1", task("t", check(Outcome.FAILED, "=cmd", message="@SUM(1)"))))
    reported(capsys)
    cells = [
        cell
        for path in (place / "report" / "data").iterdir()
        for row in csv.reader(io.StringIO(path.read_text()))
        for cell in row
    ]

    assert "'=1+1" in cells
    assert "'@SUM(1)" in cells
    assert [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)] == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["sentiment"], "autograder grade sentiment"),
        (["--json", "nowhere/out.json"], "nowhere"),
    ],
)
def test_what_cannot_be_reported_is_a_usage_error(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    code, _, err = reported(capsys, *words)

    assert code == 2
    assert named in err
    assert not (place / "report").exists()


def test_a_broken_result_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "results/softmax/ken.json").write_text("[{")
    code, _, err = reported(capsys)

    assert code == 4
    assert "ken.json" in err
    assert "autograder grade softmax --force" in err
