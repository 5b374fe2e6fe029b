"""The autograder zip, unpacked and run in a folder laid out as Gradescope's container is."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from autograder import cli, draws, notebook, variants
from autograder import course as courses
from autograder.lms.container import main
from autograder.model import Course
from autograder.release import load_source
from autograder.sandbox.policy import SandboxError

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "autograder" / "lms" / "results.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course of its own, since its secret seeds are made in it: 10 % a day."""
    root = tmp_path_factory.mktemp("instructors")
    for name in ("pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, root)
    for folder in ("source", "release"):
        shutil.copytree(ROOT / folder / "softmax", root / folder / "softmax")
    config = (ROOT / courses.CONFIG).read_text(encoding="utf-8")
    assert "limits=Limits()," in config
    changed = config.replace("limits=Limits(),", "limits=Limits(), late=Late(percent_per_day=10),")
    (root / courses.CONFIG).write_text(
        changed.replace("import Assignment", "import Late, Assignment"), encoding="utf-8"
    )
    return courses.load(root)


@pytest.fixture(scope="module")
def bundle(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zip") / "softmax.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(course.root))
        assert cli.main(["gradescope", "softmax", "--into", str(path), "--quiet"]) == 0
    return path


@pytest.fixture
def container(bundle: Path, tmp_path: Path) -> Path:
    """/autograder, somewhere else: the zip unpacked in source/, an empty submission/ and results/."""
    root = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            (root / "source" / archive.extract(info, root / "source")).chmod((info.external_attr >> 16) & 0o777)
    return root


def run(root: Path, created: str = "2027-02-12T20:00:00-01:00") -> tuple[int, dict[str, Any], str]:
    """run_autograder's exit code, its results, and what it said."""
    due = {"due_date": "2027-02-12T22:00:00+00:00"}
    (root / "submission_metadata.json").write_text(
        json.dumps({"id": 1, "created_at": created, "assignment": due, "users": [{"name": "Ada Lovelace", "id": 7}]})
    )
    done = subprocess.run(
        [str(root / "source" / "run_autograder")],
        env={**os.environ, "AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": sys.executable, "AUTOGRADER_COURSE": "/"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    found = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    return done.returncode, found, done.stderr


def answers(course: Course) -> dict[str, str]:
    manifest = notebook.load_manifest(courses.manifest_path(course, "softmax"))
    return variants.answers(load_source(course, "softmax"), manifest)


def hand_in(course: Course, root: Path, wrong: dict[str, str], name: str = "softmax.ipynb") -> None:
    released = json.loads((courses.release_dir(course, "softmax") / "softmax.ipynb").read_text(encoding="utf-8"))
    text = notebook.canonical(variants.notebook_of(released, {**answers(course), **wrong}))
    (root / "submission" / name).write_text(text, encoding="utf-8")


def test_the_scripts_are_sound_and_executable(container: Path) -> None:
    for name in ("setup.sh", "run_autograder"):
        path = container / "source" / name
        assert path.stat().st_mode & stat.S_IXUSR
        assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
    broken = container / "source" / "broken.sh"
    broken.write_text("if true; then\n")
    assert subprocess.run(["bash", "-n", str(broken)], check=False, capture_output=True).returncode != 0


def test_the_settings_are_what_the_scripts_ask_for(container: Path, course: Course) -> None:
    (assignment,) = courses.pick(course, ["softmax"])
    shown = subprocess.run(
        [
            "bash",
            "-euc",
            '. "$0"; printf "%s\\n" "$ASSIGNMENT" "${MODELS[@]}"',
            str(container / "source" / "assignment.env"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert shown == ["softmax", *assignment.models]


def test_the_zip_holds_what_grading_needs_and_no_more(bundle: Path, course: Course) -> None:
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        secret = json.loads(archive.read(".autograder/seeds.json"))

    assert {
        "setup.sh",
        "run_autograder",
        "course_config.py",
        "requirements.lock",
        "autograder/result.schema.json",
    } < names
    assert {"source/softmax/softmax.ipynb", "release/softmax/manifest.json"} < names
    assert any(name.startswith("source/softmax/checks/test_") for name in names)
    assert not [name for name in names if "variants/" in name or "__pycache__" in name]
    assert secret == {"softmax": draws.seeds(course, "softmax")}


def test_the_same_course_gives_the_same_zip(
    bundle: Path, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course.root))
    again = tmp_path / "again.zip"
    assert cli.main(["gradescope", "softmax", "--into", str(again)]) == 0
    assert again.read_bytes() == bundle.read_bytes()
    assert "hidden checks" in capsys.readouterr().out


def test_a_right_notebook_gets_its_points(container: Path, course: Course) -> None:
    hand_in(course, container, {})
    code, found, said = run(container)

    assert code == 0, said
    assert found["score"] == 20
    assert {test.get("status") for test in found["tests"]} == {"passed"}
    assert "Sandbox: " in found["output"]
    suite = "\n".join(
        path.read_text(encoding="utf-8") for path in courses.checks_dir(course, "softmax").glob("test_*.py")
    )
    code_lines = [line.strip() for line in suite.splitlines() if "student." in line and len(line.strip()) > 30]
    assert code_lines
    assert not [line for line in code_lines if line in json.dumps(found)]


def test_a_wrong_answer_under_another_name_and_a_day_late(container: Path, course: Course) -> None:
    task = next(iter(answers(course)))
    wrong = next(one.source for one in variants.variants(course, "softmax") if one.kind == "wrong" and one.task == task)
    hand_in(course, container, {task: wrong}, name="my homework.ipynb")
    code, found, said = run(container, created="2027-02-13T10:00:00+00:00")
    earned = sum(test.get("score", 0.0) for test in found["tests"])

    assert code == 0, said
    assert 0 < earned < 20
    assert found["score"] == pytest.approx(earned * 0.9, abs=0.02)
    assert "12 hours late" in found["output"]
    assert "failed" in {test.get("status") for test in found["tests"]}


@pytest.mark.parametrize(
    ("files", "words"),
    [({}, "There is no file"), ({"essay.pdf": b"%PDF-1.7 "}, "PDF"), ({"softmax.ipynb": b"{"}, "cannot be read")],
    ids=["nothing", "pdf", "broken"],
)
def test_what_is_no_notebook_gets_a_reason(container: Path, files: dict[str, bytes], words: str) -> None:
    for name, data in files.items():
        (container / "submission" / name).write_bytes(data)
    code, found, said = run(container)

    assert code == 0, said
    assert found["score"] == 0
    assert words in found["output"]
    assert "submission-" not in found["output"]


def test_a_stale_release_is_no_autograder(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    shutil.rmtree(root / "release")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    code = cli.main(["gradescope", "softmax", "--into", str(tmp_path / "x.zip")])

    assert (code, (tmp_path / "x.zip").exists()) == (2, False)
    assert "autograder release softmax" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("a disk that is full", "No space left"),
        ("a course that does not load", "course_config.py"),
        ("a sandbox that cannot be had", "The layer files cannot be had"),
    ],
)
def test_whatever_fails_on_our_side_gives_results_without_a_score(
    container: Path,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    fault: str,
    said: str,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def without_a_sandbox(*_: object, **__: object) -> None:
        raise SandboxError("The layer files cannot be had here.")

    hand_in(course, container, {})
    if fault == "a disk that is full":
        monkeypatch.setattr(shutil, "copyfile", full)
    elif fault == "a course that does not load":
        (container / "source" / courses.CONFIG).write_text("course = None")
    else:
        monkeypatch.setattr("autograder.pool.judge_all", without_a_sandbox)
    monkeypatch.setattr("sys.argv", ["container", str(container), "softmax"])
    code = main()
    found = json.loads((container / "results" / "results.json").read_text(encoding="utf-8"))
    heard = capsys.readouterr().err

    assert code == 1
    assert heard.startswith("The grade is withheld: ")
    assert said in heard
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert set(found) & {"score", "tests"} == set()
    assert said not in found["output"]
