"""A student works with what was published: its checker in a fresh environment, its notebook, its workflow."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from autograder import publish
from autograder.model import Course, Limits

NAME = "softmax"


@dataclasses.dataclass(frozen=True)
class Machine:
    """A fresh environment, which has the packages of this one and the published checker."""

    python: Path
    folder: Path

    def run(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.python), "-m", *words], cwd=cwd or self.folder, env=self.environ(), capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def environ(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("AUTOGRADER_")}


@pytest.fixture(scope="module")
def machine(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    place = tmp_path_factory.mktemp("machine")
    limited = dataclasses.replace(course, limits=Limits(call_seconds=4))  # of which students must be told
    publish.publish(limited, place / "course", [NAME])
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "venv")], check=True)
    python = place / "venv" / "bin" / "python"
    packages = next((place / "venv" / "lib").glob("python*/site-packages"))
    (packages / "these.pth").write_text(sysconfig.get_path("purelib") + "\n")
    machine = Machine(python, place / "course")
    done = machine.run("pip", "install", "--quiet", "--no-index", "--no-deps", ".")
    assert done.returncode == 0, done.stderr
    return machine


def answered(machine: Machine, name: str, answers: dict[str, str]) -> str:
    """Writes the notebook with some answers filled in, and returns its file name."""
    nb = json.loads((machine.folder / NAME / "softmax.ipynb").read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        found = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = answers.get(found, cell["source"])
    (machine.folder / NAME / name).write_text(json.dumps(nb), encoding="utf-8")
    return name


def test_the_student_gets_the_published_checker_with_the_commands_that_are_theirs(machine: Machine) -> None:
    version = machine.run("autograder", "--version").stdout
    shown = machine.run("autograder", "--help").stdout

    assert re.fullmatch(r"autograder \S+\n", version)
    assert re.findall(r"^    ([a-z]+) +\w", shown, re.MULTILINE) == ["doctor", "models", "check", "completion"]
    refused = machine.run("autograder", "grade")
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)


def test_requirements_hold_on_a_machine_that_has_the_locked_packages(machine: Machine) -> None:
    done = machine.run("pip", "install", "--dry-run", "--no-index", "-r", "requirements.txt")

    assert done.returncode == 0, done.stderr


def test_doctor_and_models_need_no_course(machine: Machine) -> None:
    assert machine.run("autograder", "models").returncode == 0
    doctor = machine.run("autograder", "doctor")

    assert "SmolLM2" in doctor.stdout
    assert "bert" not in doctor.stdout  # not published
    assert "Traceback" not in doctor.stderr


def test_the_workflow_of_the_repository_runs_there_as_github_runs_it(machine: Machine, tmp_path: Path) -> None:
    text = (machine.folder / ".github/workflows/check.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(text)["jobs"].values()
    environ = {**machine.environ(), **job["env"], "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    environ["PATH"] = f"{machine.python.parent}{os.pathsep}{environ['PATH']}"
    codes = {}
    for step in job["steps"]:
        if "run" in step and "pip install" not in step["run"]:
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            codes[step["name"]] = subprocess.run(
                shell, cwd=machine.folder, env=environ, capture_output=True, check=False
            ).returncode
    (result,) = json.loads((machine.folder / "results.json").read_text(encoding="utf-8"))

    assert codes.pop("Say what is missing, if anything") in {0, 1}
    assert codes == {"Put the course's models into the cache": 0, "Check the notebook": 1, "Keep the results": 0}
    assert (result["status"], result["score"]) == ("graded", 0)
    assert re.search(r"\n0 of \d tasks pass", (tmp_path / "summary.md").read_text(encoding="utf-8"))


def test_a_student_checks_untouched_half_done_and_broken_work(machine: Machine) -> None:
    half = answered(
        machine,
        "half.ipynb",
        {
            "cross-entropy": "def cross_entropy(logits, targets):\n    return log_softmax(logits)\n",
            "softmax": "%load_ext autograder\n%check\ndef softmax(logits, dim=-1):\n    e = torch.exp(logits)\n    return e / e.sum(dim, keepdim=True)\n",
            "log-softmax": "def log_softmax(logits, dim=-1):\n    raise KeyError('no \x1b[31mred\x1b[0m <b>')\n",
            "probability-sum": "%%check\ndef probability_sum(probabilities):\n    return float(probabilities.double().sum())\n",
        },
    )
    broken = answered(
        machine, "broken.ipynb", {"softmax": "import math\ndef softmax(logits, dim=-1)\n    return logits"}
    )

    done = machine.run("autograder", "check", "softmax.ipynb", half, broken, cwd=machine.folder / NAME)
    told = " ".join(re.sub(r"[│\s]+", " ", done.stdout).split())

    assert (done.returncode, done.stderr) == (1, "Checking: 3 done\n" if "Checking" in done.stderr else "")
    assert "Traceback" not in done.stdout
    assert told.count("Not attempted yet") >= 6
    assert "[0, 1000] should give [0, 1], got tensor([0., nan])" in told
    assert "log_softmax(torch.tensor([2.0, 2.0])) raised KeyError: " in told
    assert "(line 2: `raise KeyError(" in told
    assert "It calls `log_softmax`, which does not pass yet: look there first." in told
    assert "\x1b" not in done.stdout
    assert "✓ probability-sum" in told
    said = "There is no function `softmax`: its cell stopped with SyntaxError: expected ':' (line 2: `def softmax("
    assert said in told
    assert "These are the visible tests only." in told


def test_a_student_has_the_time_that_the_course_gives(machine: Machine) -> None:
    endless = answered(machine, "endless.ipynb", {"softmax": "def softmax(logits, dim=-1):\n    while True: pass\n"})
    checked = machine.run("autograder", "check", endless, cwd=machine.folder / NAME)

    assert "a call of a function 4" in (machine.folder / "README.md").read_text(encoding="utf-8")
    assert "took longer than 4 seconds" in " ".join(re.sub(r"[│\s]+", " ", checked.stdout).split())


def test_a_notebook_that_is_alone_is_checked_where_it_is_as_on_colab(machine: Machine, tmp_path: Path) -> None:
    cells = (
        "import torch",
        "def softmax(logits, dim=-1):\n    while True: pass",
        "def probability_sum(probabilities):\n    return float(probabilities.double().sum())",
        "from autograder import magic\nprint(magic.checked(globals(), ['softmax', 'probability-sum']))",
    )
    program = ["-c", "\n".join(cells)]
    done = subprocess.run(
        [str(machine.python), *program], cwd=tmp_path, env=machine.environ(), capture_output=True, text=True, check=True
    )

    assert re.search(r"✗ softmax .* took longer than 4 seconds", done.stdout)
    assert re.search(r"✓ probability-sum +passes", done.stdout)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("script.ipynb", "import torch\n", "This is a Python script, not a notebook"),
        ("cut.ipynb", '{"cells": [{"cell_type": "code"', "its end is missing"),
        ("gone.ipynb", None, "There is no file gone.ipynb"),
    ],
)
def test_a_wrong_file_is_said_in_a_line(machine: Machine, name: str, text: str | None, said: str) -> None:
    if text is not None:
        (machine.folder / NAME / name).write_text(text)
    done = machine.run("autograder", "check", name, cwd=machine.folder / NAME)

    assert done.returncode in {1, 2}
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "visible tests" not in done.stdout


def test_missing_models_are_said_before_anything_runs(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    done = machine.run("autograder", "check", "softmax.ipynb", cwd=machine.folder / NAME)

    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "Run: autograder models" in done.stderr
