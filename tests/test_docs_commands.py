"""Every command that README.md and docs/*.md show in a block is run here, as it stands there, or named with the reason why not.

The commands of a section are run in their order, in a class of its own: two small assignments under the names that the pages use."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lms_archives import WORKSHEET
from test_docs import documents

from autograder import cli
from autograder import course as courses

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SHELLS = {"sh", "bash", "console"}
PROGRAM = re.compile(
    r"^(?:\.venv/bin/)?(?:autograder|pytest|python3?|pip|jupyter|nbgrader|make|git|cp|mv|mkdir|cd|rm|source|export|unzip|docker|podman|sbatch"
    r"|srun|salloc|kubectl|helm|dask(?:-\w+)?|gh|pre-commit|curl|[A-Z_]+=\S+) "
)
FOLLOWED = {"new-assignment.md": "test_new_assignment.py"}  # the page is one story, with a test of its own
ELSEWHERE = {
    "git clone": "needs the address of a repository; what is cloned is this tree",
    "cd course": "into what was cloned",
    "make setup": "installs 2 GB; CI runs it before any test",
    "make demo": "sets up and grades 32 students: minutes; test_gradebook.py runs it for two of the assignments",
    "make test": "runs this test",
    "make mutants": "half an hour",
    "make proof": "ten minutes and more for an assignment",
    "make bench": "measures: hours, and nothing else may run",
    "python3 -m venv": "installs 2 GB; test_publish_student.py installs what is published into an environment of its own",
    ".venv/bin/pip install": "as above",
    ".venv/bin/jupyter lab": "runs until it is stopped; test_browser_lab.py opens it",
    ".venv/bin/autograder models": "gigabytes; CI runs it before any test, and test_publish_student.py as a student",
    "autograder grade softmax --scheduler": "needs a cluster; test_scale.py starts a scheduler and workers",
    "dask": "runs until it is stopped; as above",
    "docker": "containers cannot be built here",
    "podman": "as above",
    "sbatch": "needs a cluster with SLURM",
    "srun": "as above",
    "kubectl": "needs a Kubernetes cluster",
    "helm": "as above",
}
HOME = {"student.md": "mine"}  # where the reader of a page is
CONFIG = """from autograder.model import Assignment, Course

course = Course(
    "small",
    "A small course",
    (Assignment("softmax", "Softmax"), Assignment("sampling", "Sampling")),
    repository="https://example.org/students",
)
"""
CHECKS = '''
from autograder.checks import same, task


@task("TASK", points=2)
class TestCountVowels:
    def test_small(self, student):
        """Small letters"""
        same(student.count_vowels("a banana and a uke"), 8)

    def test_large(self, student):
        """Capital letters"""
        same(student.count_vowels("EDUCATION"), 5)
'''


def commands_of(page: str) -> list[list[str]]:
    """The blocks of a page that hold shell commands, each as its commands: lines, with those that a backslash joins."""
    found = []
    for _, language, text in BLOCK.findall(page):
        lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
        if language in SHELLS or (not language and lines and PROGRAM.match(f"{lines[0]} ")):
            found.append(lines)
    return found


def is_elsewhere(command: str) -> bool:
    return any(command == start or command.startswith(f"{start} ") for start in ELSEWHERE)


def make_class(root: Path) -> None:
    """Two assignments made from docs/template, released, handed in by two students and graded; and files as other systems export them."""
    (root / courses.CONFIG).write_text(CONFIG, encoding="utf-8")
    (root / "docs").mkdir()
    for name in (
        "nbgrader_config.py",
        "pyproject.toml",
        "requirements.lock",
        "LICENSE",
        "README.md",
        "docs/github-classroom.yml",
    ):
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    for name, task in (("softmax", "softmax"), ("sampling", "count-vowels")):
        source = root / "source" / name
        shutil.copytree(ROOT / "docs" / "template", source)
        for kind in ("right", "wrong"):
            folder = source / "variants" / kind
            folder.joinpath("count-vowels").rename(folder / task)
        text = (source / "template.ipynb").read_text(encoding="utf-8").replace("count-vowels", task)
        (source / "template.ipynb").unlink()
        (source / f"{name}.ipynb").write_text(text, encoding="utf-8")
        (source / "checks" / "test_counting.py").write_text(CHECKS.replace("TASK", task), encoding="utf-8")
    solution = (root / "source" / "softmax" / "softmax.ipynb").read_text(encoding="utf-8")
    for student, text in (("ada", solution), ("grace", solution.replace("text.lower()", "text"))):
        path = root / "submitted" / student / "softmax" / "softmax.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    for answer in ("right/softmax/regular_expression", "wrong/softmax/case_forgotten", "wrong/softmax/distinct"):
        (root / "source" / "softmax" / "variants" / f"{answer}.py").unlink()
    (root / "path" / "to").mkdir(parents=True)
    (root / "path" / "to" / "notebook.ipynb").write_text(solution, encoding="utf-8")
    exported(root, solution)
    done = shell(
        root, "autograder release --quiet\nautograder grade softmax --quiet --jobs 1\nautograder feedback --quiet"
    )
    assert done.returncode == 0, done.stderr
    shutil.copytree(root / "release" / "softmax", root / "mine")
    (root / "mine" / "softmax.ipynb").write_text(solution, encoding="utf-8")


def exported(root: Path, notebook: str) -> None:
    """What Canvas, Moodle and Gradescope give for download, and a folder of folders."""
    archives = {
        "submissions.zip": {"lovelaceada_1001_9001_softmax.ipynb": notebook},
        "softmax.zip": {"Ada Lovelace_71_assignsubmission_file_/softmax.ipynb": notebook},
        "export.zip": {
            "assignment_77_export/submission_metadata.yml": "---\nsubmission_501:\n  :submitters:\n  - :name: Ada Lovelace\n"
            "    :sid: S-1\n    :email: ada@example.org\n  :created_at: 2027-02-12 21:58:03.123456000 Z\n",
            "assignment_77_export/submission_501/softmax.ipynb": notebook,
        },
    }
    for name, members in archives.items():
        with zipfile.ZipFile(root / name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
    (root / "worksheet.csv").write_text(WORKSHEET.replace("20.00", "2.00"), encoding="utf-8")
    (root / "gradebook.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Softmax (501)\n    Points Possible,,,,,2\n"
        '"Lovelace, Ada",1001,S-1,ada,One,\n"Hopper, Grace",1002,,grace,One,\n',
        encoding="utf-8",
    )
    folder = root / "softmax-submissions" / "alan"
    folder.mkdir(parents=True)
    (folder / "softmax.ipynb").write_text(notebook, encoding="utf-8")


def shell(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value
        for name, value in os.environ.items()
        if name != "AUTOGRADER_COURSE" and not name.startswith("PYTEST")
    }
    environ["PATH"] = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{environ['PATH']}"
    environ["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("class") / "course"
    root.mkdir()
    make_class(root)
    return root


def sections_of(page: Path) -> list[tuple[str, str]]:
    """The sections of a page that show commands, by name."""
    parts = re.split(r"^(?=## )", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [(f"{page.name}: {part.splitlines()[0].strip('# ')}", part) for part in parts if commands_of(part)]


SECTIONS = {name: text for page in documents(ROOT) for name, text in sections_of(page)}
SHOWN = [command for text in SECTIONS.values() for block in commands_of(text) for command in block]


@pytest.mark.parametrize("section", [name for name in SECTIONS if name.split(":")[0] not in FOLLOWED])
def test_the_commands_of_a_section_do_what_it_says(section: str, graded: Path, tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(graded, root, symlinks=True)
    home = root / HOME.get(section.split(":", maxsplit=1)[0], "")
    for block in commands_of(SECTIONS[section]):
        here = [command for command in block if not is_elsewhere(command)]
        if any(command.startswith("make demo") for command in block):  # it leaves a roster
            (root / "roster.csv").write_text("id,name,canvas_id\nada,Ada,1001\n", encoding="utf-8")
        done = shell(home, "\n".join(here))

        assert done.returncode == 0, f"{chr(10).join(here)}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_what_is_followed_elsewhere_has_a_test_that_names_it() -> None:
    for page, test in FOLLOWED.items():
        assert page in (ROOT / "tests" / test).read_text(encoding="utf-8")


def test_a_command_that_is_not_run_here_is_shown_somewhere() -> None:
    """But for the programs of clusters and containers, which are named whether or not a page shows them."""
    clusters = {"docker", "podman", "sbatch", "srun", "kubectl", "helm"}

    assert {start for start in ELSEWHERE if not any(one.startswith(start) for one in SHOWN)} <= clusters


def test_every_command_is_run_from_a_page() -> None:
    called = {name for name in cli.COMMANDS for line in SHOWN if re.match(rf"\S*autograder {name}\b", line)}

    assert set(cli.COMMANDS) - called == {"demo"}  # which is run by make
    assert "make demo" in {re.split(r"\s+#", line)[0] for line in SHOWN}


def test_commands_are_found_in_blocks_of_any_kind() -> None:
    page = (
        "```\nmake test  # all\n```\n```sh\nautograder check \\\n   a.ipynb\n\ncd x\n```\n  ```console\n  git pull\n  ```\n"
        "```python\nmake = 1\n```\n```\nstudent   total\n```\n```\n%check\n```\n"
    )

    assert commands_of(page) == [["make test  # all"], ["autograder check     a.ipynb", "cd x"], ["git pull"]]


def test_a_command_that_fails_is_noticed(graded: Path) -> None:
    assert shell(graded, "autograder grade softmex\nautograder doctor").returncode == 2
    assert json.loads((graded / "results" / "softmax" / "ada.json").read_text())[0]["score"] == 2
