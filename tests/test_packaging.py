"""The lock file pins all that pyproject.toml asks for, the environment is the lock's, and `make` says what it can do."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    with (root / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def lock(root: Path) -> list[str]:
    """The lines of the lock file that are not comments."""
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_the_lock_file_is_a_sorted_list_of_pins_and_nothing_else(lock: list[str]) -> None:
    # No hash, folder, host or local tag: any of them would tie the file to one machine.
    assert [line for line in lock if not re.fullmatch(r"[a-z0-9][a-z0-9-]*==[\w.]+", line)] == []
    assert lock == sorted(lock, key=lambda line: line.split("==")[0])


def test_every_requirement_has_a_pin_within_its_range(project: dict[str, Any], lock: list[str]) -> None:
    pins = dict(line.split("==") for line in lock)
    tables = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]

    for requirement in (Requirement(text) for table in tables for text in table):
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name} has no pin: make lock"
        assert requirement.specifier.contains(pin, prereleases=True), f"{requirement} is pinned to {pin}: make lock"


def test_the_environment_is_the_one_of_the_lock_file(lock: list[str]) -> None:
    installed = {line: metadata.version(line.split("==")[0]).split("+")[0] for line in lock}

    assert {line: version for line, version in installed.items() if not line.endswith(f"=={version}")} == {}


def test_every_ignored_rule_has_its_reason_beside_it(root: Path, project: dict[str, Any]) -> None:
    lint = project["tool"]["ruff"]["lint"]
    text = (root / "pyproject.toml").read_text(encoding="utf-8")

    for rule in {*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)}:
        lines = [line for line in text.splitlines() if f'"{rule}"' in line]
        assert all(re.search(r"# .+ .+", line) for line in lines), f"{rule} is ignored without a reason"


def test_make_help_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None

    listed = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make (\w+)\s+\S", listed, re.MULTILINE) == phony[1].split()


def test_ci_runs_the_command_that_the_readme_names(root: Path) -> None:
    commands = [line for line in (root / ".ci/run").read_text(encoding="utf-8").splitlines() if line.startswith("exec")]

    assert commands == ["exec make test"]
    assert re.search(r"^make test\b", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
