"""The sample class, from release to feedback page: the same scores everywhere, with nbgrader's own tools too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import sqlalchemy
from sqlalchemy.orm import Session

from autograder import cli, gradebook
from autograder import course as courses
from autograder.cli.demo import STUDENTS
from autograder.journal import load
from autograder.model import Course, Report, Status

ROOT = Path(__file__).resolve().parent.parent
TAGS = re.compile(r"<[^>]+>")
TASK = "wordpiece"
SMALLER = """
import dataclasses
course = dataclasses.replace(course, assignments=(course.assignments[0], course.assignments[-1]))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which `autograder demo` has run: the first of the assignments, and the bonus."""
    root = tmp_path_factory.mktemp("course")
    for name in (courses.CONFIG, "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    with (root / courses.CONFIG).open("a", encoding="utf-8") as config:
        config.write(SMALLER)
    shutil.copytree(ROOT / "source", root / "source")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        assert cli.main(["demo", "--quiet", "--jobs", "2", "--json", str(root / "demo.json")]) == 0
    return courses.load(root)


@pytest.fixture(scope="module")
def reports(course: Course) -> dict[str, Report]:
    found = {student: load(course.root / "results" / "tokenization" / f"{student}.json") for student in STUDENTS}
    return {student: report for student, report in found.items() if report is not None}


def booked(course: Course) -> dict[str, dict[str, float]]:
    (assignment,) = courses.pick(course, ["tokenization"])
    return gradebook.scores(course, assignment)


def nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A stock nbgrader command, in the course's folder."""
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_everybody_has_a_result(reports: dict[str, Report]) -> None:
    assert set(reports) == set(STUDENTS)
    assert reports["ada"].score == reports["ada"].max_score == 20
    assert reports["alan"].score == 0
    assert reports["radia"].status is Status.NOT_GRADABLE
    assert len({report.score for report in reports.values()}) > 5


def test_results_and_gradebook_agree_on_every_task(course: Course, reports: dict[str, Report]) -> None:
    rows = booked(course)
    assert set(rows) == set(reports)
    for student, report in reports.items():
        assert rows[student] == ({task.id: task.score for task in report.tasks} or dict.fromkeys(rows[student], 0.0))


def test_the_page_says_the_same_score_and_holds_no_hidden_check(course: Course, reports: dict[str, Report]) -> None:
    suite = "\n".join(
        path.read_text(encoding="utf-8") for path in courses.checks_dir(course, "tokenization").glob("test_*.py")
    )
    code = [line.strip() for line in suite.splitlines() if "student." in line and len(line.strip()) > 30]
    assert code
    for student, report in reports.items():
        page = (course.root / "feedback" / student / "tokenization" / "tokenization.html").read_text(encoding="utf-8")
        words = " ".join(TAGS.sub(" ", page).split())
        if report.status is Status.GRADED:
            assert re.search(rf"(?<![\d.]){re.escape(f'{report.score:g}')}\s*(/|of)\s*20", words), student
        assert not [line for line in code if line in page]


def test_the_class_is_not_judged_again(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    results = {path: path.stat().st_mtime_ns for path in (course.root / "results").rglob("*.json")}
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    assert cli.main(["grade", "tokenization", "--quiet"]) == 0
    assert {path: path.stat().st_mtime_ns for path in results} == results


def test_what_a_person_entered_survives_another_run(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(courses.gradebook_url(course), course.name) as book:
        grade = book.find_grade(TASK, "tokenization", "tokenization", "alan")
        grade.manual_score, grade.extra_credit = 2.5, 0.5
        comment = book.find_comment(TASK, "tokenization", "tokenization", "alan")
        comment.manual_comment = "We talked about it."
        book.db.commit()
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    assert cli.main(["grade", "tokenization", "--student", "alan", "--force", "--quiet"]) == 0
    with Gradebook(courses.gradebook_url(course), course.name) as book:
        grade = book.find_grade(TASK, "tokenization", "tokenization", "alan")
        assert (grade.manual_score, grade.extra_credit, grade.auto_score) == (2.5, 0.5, 0.0)
        assert book.find_comment(TASK, "tokenization", "tokenization", "alan").comment == "We talked about it."
        grade.manual_score, grade.extra_credit = None, None
        book.db.commit()


def test_stock_nbgrader_books_the_same_scores(course: Course) -> None:
    before = booked(course)["grace"]
    done = nbgrader(course, "autograde", "tokenization", "--student", "grace", "--force")
    assert done.returncode == 0, done.stderr
    assert booked(course)["grace"] == before
    done = nbgrader(course, "generate_feedback", "tokenization", "--student", "grace", "--force")
    assert done.returncode == 0, done.stderr


def test_the_sample_class_goes_into_a_canvas_file(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    assert cli.main(["export", "--to", "canvas", "--quiet"]) == 0

    rows = (course.root / "exports" / "canvas.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[0].lower() for row in rows[2:]] == list(STUDENTS)


def test_every_result_follows_the_schema_and_a_damaged_one_does_not(course: Course) -> None:
    schema = json.loads((ROOT / "autograder" / "result.schema.json").read_text(encoding="utf-8"))
    follows = jsonschema.Draft202012Validator(schema).is_valid
    for student in STUDENTS:
        results = json.loads((course.root / "results" / "tokenization" / f"{student}.json").read_text(encoding="utf-8"))
        assert follows(results), student
        for key in list(results[0]):
            assert not follows([{name: value for name, value in results[0].items() if name != key}])
        assert not follows([{**results[0], "status": "fine"}])


def test_the_data_of_the_demo_are_all_its_results(course: Course) -> None:
    data = json.loads((course.root / "demo.json").read_text(encoding="utf-8"))
    there = [json.loads(path.read_text(encoding="utf-8"))[0] for path in course.root.glob("results/*/*.json")]

    def told(results: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        """What stays when a result is judged again: not the seconds that it took."""
        return sorted((one["assignment"], one["student"], one["status"], str(one["score"])) for one in results)

    assert told(data) == told(there)
    assert {one["assignment"] for one in data} == {assignment.name for assignment in course.assignments}


# ── PostgreSQL ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def shared(
    course: Course, postgres: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Course]:
    """A copy of the course, whose gradebook is on a server.  It has been graded: from the results, which are not judged again."""
    root = tmp_path_factory.mktemp("shared")
    for name in ("source", "release", "submitted", "results", ".autograder"):
        shutil.copytree(course.root / name, root / name)
    for name in (courses.CONFIG, "nbgrader_config.py"):
        shutil.copy(course.root / name, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        patch.setenv("AUTOGRADER_GRADEBOOK", postgres("gradebook"))
        assert cli.main(["grade", "--quiet"]) == 0
        yield courses.load(root)


@pytest.mark.needs("initdb", "pg_ctl")
def test_a_gradebook_on_a_server_holds_the_same(
    course: Course, shared: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {one.name: gradebook.scores(shared, one) for one in shared.assignments}
    monkeypatch.delenv("AUTOGRADER_GRADEBOOK")
    here = {one.name: gradebook.scores(course, one) for one in course.assignments}

    assert not (shared.root / "gradebook.db").exists()
    assert there == here
    assert len(there["tokenization"]) == len(STUDENTS)


@pytest.mark.needs("initdb", "pg_ctl")
def test_stock_nbgrader_works_on_the_server(shared: Course) -> None:
    before = booked(shared)["grace"]
    for command in ("autograde", "generate_feedback"):
        done = nbgrader(shared, command, "tokenization", "--student", "grace", "--force")
        assert done.returncode == 0, done.stderr
    assert booked(shared)["grace"] == before
    done = nbgrader(shared, "export")
    assert done.returncode == 0, done.stderr
    assert "grace" in (shared.root / "grades.csv").read_text(encoding="utf-8")


@pytest.mark.needs("initdb", "pg_ctl")
def test_two_people_grade_two_assignments_at_once(shared: Course) -> None:
    before = {one.name: gradebook.scores(shared, one) for one in shared.assignments}
    command = [sys.executable, "-m", "autograder", "grade", "--force", "--student", "grace", "--jobs", "1", "--quiet"]
    running = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in ("tokenization", "diffusion")
    ]
    said = [process.communicate(timeout=300)[1] for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    assert {one.name: gradebook.scores(shared, one) for one in shared.assignments} == before


@pytest.mark.needs("initdb", "pg_ctl")
@pytest.mark.parametrize("kind", ["a server", "a file"])
def test_two_people_meet_an_empty_gradebook_at_once(
    kind: str, shared: Course, postgres: Callable[[str], str], tmp_path: Path
) -> None:
    url = postgres("empty") if kind == "a server" else f"sqlite:///{tmp_path}/gradebook.db"
    both = shared.assignments
    before = [gradebook.scores(shared, one) for one in both]
    command = [sys.executable, "-m", "autograder", "grade", "--quiet"]
    environ = {**os.environ, "AUTOGRADER_GRADEBOOK": url}
    running = [subprocess.Popen([*command, one.name], env=environ, stderr=subprocess.PIPE, text=True) for one in both]
    said = [process.communicate(timeout=300)[1] for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_GRADEBOOK", url)
        assert [gradebook.scores(shared, one) for one in both] == before


@pytest.mark.needs("initdb", "pg_ctl")
def test_a_connection_that_is_lost_while_it_books_loses_nothing(
    shared: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    before = booked(shared)
    with sqlalchemy.create_engine(courses.gradebook_url(shared)).connect() as other:
        other.execute(sqlalchemy.text("DELETE FROM comment"))
        other.commit()  # so that there is something to book

        def lose(*_: object) -> None:
            other.execute(
                sqlalchemy.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = 'gradebook' AND pid <> pg_backend_pid()"
                )
            )

        sqlalchemy.event.listen(Session, "after_flush", lose)
        try:
            assert cli.main(["grade", "tokenization", "--quiet"]) == 4
        finally:
            sqlalchemy.event.remove(Session, "after_flush", lose)
    said = capsys.readouterr().err
    assert said.startswith("autograder: The gradebook cannot be used: ")
    assert len(said.splitlines()) == 1

    assert cli.main(["grade", "--quiet"]) == 0
    assert booked(shared) == before


@pytest.mark.needs("initdb", "pg_ctl")
def test_a_server_that_is_not_there_is_one_clear_line_and_loses_nothing(
    shared: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = booked(shared)
    with monkeypatch.context() as patch:
        patch.setenv("AUTOGRADER_GRADEBOOK", "postgresql+psycopg://course@/gradebook?host=/nowhere")
        assert cli.main(["grade", "tokenization", "--quiet"]) == 4
    said = capsys.readouterr().err
    assert said.startswith("autograder: The gradebook cannot be used: ")
    assert len(said.splitlines()) == 1

    assert cli.main(["grade", "tokenization", "--quiet"]) == 0
    assert booked(shared) == before
