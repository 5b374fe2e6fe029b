"""nbgrader's exchange, in the tree: an assignment goes out, is fetched, handed in, collected and graded, with stock nbgrader."""

from __future__ import annotations

import getpass
import json
import stat
from pathlib import Path

import pytest
import small_course
from nbgrader import apps
from small_course import NAME, TASK

from autograder import cli
from autograder import course as courses
from autograder.gradebook.config import apply, tools_on_path
from autograder.model import Course
from autograder.release import load_source, release
from autograder.variants import answers, notebook_of


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A released course, whose folder is the working directory, on a machine without any configuration of Jupyter."""
    for kind in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / "jupyter" / kind.lower()))
    monkeypatch.delenv("AUTOGRADER_EXCHANGE", raising=False)
    root = tmp_path / "course"
    root.mkdir()
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    monkeypatch.chdir(root)
    course = small_course.make(root)
    tools_on_path()
    release(course, small_course.assignment(course))
    return course


def nbgrader(app: type, *arguments: str) -> object:
    """A command of nbgrader, as its program runs it in the working directory."""
    made = app()
    made.initialize(list(arguments))
    return made.start()


def test_an_assignment_goes_out_and_comes_back(course: Course, capfd: pytest.CaptureFixture[str]) -> None:
    nbgrader(apps.ReleaseAssignmentApp, NAME)
    sent = course.root / "exchange" / course.name / "outbound" / NAME
    assert {path.name for path in sent.iterdir()} == {"announced.json", f"{NAME}.ipynb", "manifest.json"}

    nbgrader(apps.ListApp)
    assert f"{course.name} {NAME}" in capfd.readouterr().err
    nbgrader(apps.FetchAssignmentApp, NAME)
    fetched = course.root / course.name / NAME / f"{NAME}.ipynb"
    manifest = release(course, small_course.assignment(course))
    right = answers(load_source(course, NAME), manifest)
    assert set(right) == {TASK}
    nb = notebook_of(json.loads(fetched.read_text(encoding="utf-8")), right)
    fetched.chmod(fetched.stat().st_mode | stat.S_IWUSR)
    fetched.write_text(json.dumps(nb), encoding="utf-8")

    nbgrader(apps.SubmitApp, NAME)
    nbgrader(apps.CollectApp, NAME)
    student = getpass.getuser()
    assert (course.root / "submitted" / student / NAME / "timestamp.txt").is_file()
    assert cli.main(["grade", "--quiet", "--jobs", "1"]) == 0
    (report,) = json.loads((course.root / "results" / NAME / f"{student}.json").read_text(encoding="utf-8"))
    assert (report["status"], report["score"], report["flags"]) == ("graded", 2.0, [])


def test_the_exchange_of_a_hub_is_named_in_the_environment(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from traitlets.config import Config

    monkeypatch.setenv("AUTOGRADER_EXCHANGE", "/srv/exchange")
    c = Config()
    apply(c, courses.load(course.root))

    assert c.Exchange.root == "/srv/exchange"
