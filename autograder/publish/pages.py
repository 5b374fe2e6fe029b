"""What a student repository holds besides notebooks and checker: its front page, requirements, licence and workflow."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.errors import AuthoringError
from autograder.model import Assignment, Course, Manifest
from autograder.publish.wheel import of_repository

WORKFLOW = "docs/github-classroom.yml"
BRANCH = "main"
_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?$")
IGNORED = (".venv/", "__pycache__/", ".ipynb_checkpoints/")

# `pip install .` and `pip install git+…` install the wheel that lies here: nothing is built.
BACKEND = '''"""Installs the wheel beside this file: `pip install .`, and from elsewhere `pip install git+<this repository>`."""

import pathlib
import shutil

HERE = pathlib.Path(__file__).resolve().parent


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    (wheel,) = HERE.glob("*.whl")
    shutil.copy(wheel, wheel_directory)
    return wheel.name


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("There is no source distribution of the checker.")
'''
PYPROJECT = f"""# So that `pip install .` installs the checker; {BRANCH} of this repository is what Colab installs from.
[build-system]
requires = []
build-backend = "install"
backend-path = ["checker"]
"""


def write(
    course: Course, assignments: tuple[Assignment, ...], manifests: tuple[Manifest, ...], checker: Path, built: Path
) -> None:
    """Writes all pages into `built`.  Raises UsageError where a file of the repository that goes out is missing."""
    files = {
        "README.md": _readme(course, assignments, manifests),
        "requirements.txt": _requirements(checker, built),
        "requirements.lock": _text(course, "requirements.lock"),
        "LICENSE": _text(course, "LICENSE"),
        ".gitignore": "\n".join([*IGNORED, ""]),
        "pyproject.toml": PYPROJECT,
        "checker/install.py": BACKEND,
        ".github/workflows/check.yml": workflow(_text(course, WORKFLOW), course, manifests),
    }
    for name, text in files.items():
        path = built / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def github(course: Course) -> str:
    """`owner/name` where the course's public repository is on GitHub, else ""."""
    found = _GITHUB.match(course.repository)
    return found[1] if found else ""


def workflow(template: str, course: Course, manifests: tuple[Manifest, ...]) -> str:
    """The workflow for GitHub Classroom, fitted to what is published: its notebook, its points, and not in the template itself.

    Raises AuthoringError where the template has no place for them."""
    first, others = manifests[0], manifests[1:]
    also = "".join(f"\n      # or {one.assignment}/{one.notebook}, {one.max_score:g} points" for one in others)
    head = (
        "# A repository for each student, made by GitHub Classroom from this one, shows the visible checks after every push.\n"
        "# It checks one notebook: NOTEBOOK and POINTS below say which.\n"
    )
    steps = [
        (r"\A(?:#.*\n)+", head),
        (r"NOTEBOOK: .*", f"NOTEBOOK: {first.assignment}/{first.notebook}"),
        (r"POINTS: .*", f'POINTS: "{first.max_score:g}"{also}'),
    ]  # fmt: skip
    if github(course):
        steps.append((r"(if: github\.actor != .*)", rf"\1 && github.repository != '{github(course)}'"))
    for pattern, new in steps:
        template, count = re.subn(pattern, new, template, count=1)
        if not count:
            raise AuthoringError(f"{WORKFLOW} has no line for {pattern!r}.", "Publish fills in notebook and points.")
    return template


def _requirements(checker: Path, built: Path) -> str:
    return (
        "# What the notebooks and the checker need.  In this folder: pip install -r requirements.txt\n"
        "# The versions are the ones that the course is tested with; without the next line pip takes newer ones.\n"
        "--constraint requirements.lock\n"
        f"./{checker.relative_to(built).as_posix()}\n"
        "jupyterlab\n"
    )


def _readme(course: Course, assignments: tuple[Assignment, ...], manifests: tuple[Manifest, ...]) -> str:
    import jinja2

    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    pages = jinja2.Environment(
        loader=folder, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - Markdown, from the course's own configuration
    )  # fmt: skip
    return pages.get_template("README.md.j2").render(
        course=course,
        rows=list(zip(assignments, manifests, strict=True)),
        first=manifests[0],
        github=github(course),
        repository=course.repository.removesuffix("/"),
        branch=BRANCH,
        folder=github(course).split("/")[-1] or course.name,
    )


def _text(course: Course, name: str) -> str:
    return of_repository(course, name).decode()
