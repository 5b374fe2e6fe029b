"""The checker for students: the engine without what only instructors need, as a wheel that is the same for the same course."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder import files, notebook
from autograder.errors import InfrastructureError, UsageError
from autograder.model import Course, Manifest
from autograder.notebook.announced import ANNOUNCED
from autograder.notebook.known import LIMITS, PACKAGED, TOLD

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = "checker"
# Modules, packages and commands that `autograder check`, `doctor`, `models`, `completion` and `%check` need.  All else stays here:
# a student has no class to grade, and no suite to release.
PARTS = (
    "__init__", "__main__", "errors", "words", "interrupt", "files", "environment", "model", "scoring", "course", "notebook", "code", "wire",
    "sandbox", "worker", "checks", "submitted", "journal", "fingerprint", "draws", "judge", "judge_process", "pool", "models", "doctor",
    "magic",
)  # fmt: skip
COMMANDS = ("__init__", "show", "stopped", "streams", "check", "completion", "doctor", "models")
SCHEMA = "result.schema.json"
# 1 January 1980: the earliest time that a zip archive can hold.
EPOCH = "315532800"


def build(course: Course, built: Path, manifests: tuple[Manifest, ...]) -> Path:
    """Builds the wheel into `built`/checker, with the manifests of what is published and the course's limits, and returns its path.

    Its version ends with a digest of what is in it, so that pip replaces an older one.  No network.  Raises UsageError where a file of the
    repository is missing, InfrastructureError with the builder's last words where it fails."""
    project = _project(course)
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        staged = Path(folder) / "staged"
        for name, data in sorted(_files(course, manifests)):
            _write(staged / "autograder" / name, data)
        _write(staged / "LICENSE", of_repository(course, "LICENSE"))
        version = f"{project['version']}+{_digest(staged, project)}"
        _write(staged / "pyproject.toml", _pyproject({**project, "version": version}).encode())
        _run(staged, built / FOLDER)
    (made,) = (built / FOLDER).glob("*.whl")
    return made


def _files(course: Course, manifests: tuple[Manifest, ...]) -> Iterator[tuple[str, bytes]]:
    for part in PARTS:
        path = PACKAGE / part
        if path.is_dir():
            yield from ((f"{part}/{name}", file.read_bytes()) for name, file in files.below(path))
        else:
            yield f"{part}.py", path.with_suffix(".py").read_bytes()
    for command in COMMANDS:
        yield f"cli/{command}.py", (PACKAGE / "cli" / f"{command}.py").read_bytes()
    yield SCHEMA, (PACKAGE / SCHEMA).read_bytes()
    yield LIMITS.name, _json(dataclasses.asdict(course.limits))
    for manifest in manifests:
        name = manifest.assignment
        yield f"{PACKAGED.name}/{name}.json", _json(notebook.manifest_to_json(manifest))
        yield f"{PACKAGED.name}/{TOLD}/{name}.json", (courses.release_dir(course, name) / ANNOUNCED).read_bytes()


def _json(data: dict[str, Any]) -> bytes:
    return f"{json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)}\n".encode()


def of_repository(course: Course, name: str) -> bytes:
    """A file of the course's own repository.  Raises UsageError where it is missing."""
    try:
        return (course.root / name).read_bytes()
    except OSError as error:
        raise UsageError(f"There is no {name} in {course.root}.", "Run this in the instructors' repository.") from error


def _project(course: Course) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(of_repository(course, "pyproject.toml").decode())["project"]
    return project


def _pyproject(project: dict[str, Any]) -> str:
    """The build's settings.  A JSON string or list of strings is one of TOML too."""
    kept = ("name", "version", "description", "license", "license-files", "requires-python", "dependencies", "scripts")
    lines = ["[build-system]", 'requires = ["setuptools"]', 'build-backend = "setuptools.build_meta"', "[project]"]
    lines += [f"{key} = {json.dumps(project[key])}" for key in kept if key in project and key != "scripts"]
    lines += ["[project.scripts]", *(f"{name} = {json.dumps(to)}" for name, to in project["scripts"].items())]
    lines += ["[tool.setuptools.packages.find]", 'include = ["autograder*"]']
    return "\n".join([*lines, "[tool.setuptools.package-data]", '"*" = ["*.*"]', ""])


def _digest(staged: Path, project: dict[str, Any]) -> str:
    total = hashlib.sha256(json.dumps(project, sort_keys=True).encode())
    for name, path in files.below(staged):
        total.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:8]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o644)  # a wheel keeps modes: not those of whoever builds it


def _run(staged: Path, out: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--no-cache-dir", "--wheel-dir", str(out), str(staged)]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, errors="replace", check=False)
    shutil.rmtree(staged / "build", ignore_errors=True)
    if done.returncode:
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise InfrastructureError(
            f"The checker could not be built: {said[-1] if said else 'pip said nothing'}.",
            f"{Path(sys.executable).name} -m pip install setuptools, or: make setup",
        )
