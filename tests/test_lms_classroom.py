"""The workflow for GitHub Classroom: as far as it can be run without GitHub."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from autograder import cli

ROOT = Path(__file__).resolve().parent.parent
COMMAND = re.compile(r"\bautograder ((?:check|models|doctor)\b[^|\n]*)")


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    text = (ROOT / "docs" / "github-classroom.yml").read_text(encoding="utf-8")
    (found,) = yaml.safe_load(text)["jobs"].values()
    assert isinstance(found, dict)
    return found


def scripts(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def commands(job: dict[str, Any]) -> list[str]:
    """The engine's command lines in the workflow, with the notebook's name filled in."""
    texts = [*scripts(job), *(step["with"]["command"] for step in job["steps"] if "command" in step.get("with", {}))]
    notebook = job["env"]["NOTEBOOK"]
    lines = [line for text in texts for line in COMMAND.findall(text)]
    return [line.replace("$NOTEBOOK", notebook).replace("${{ env.NOTEBOOK }}", notebook).strip() for line in lines]


def test_every_step_is_one_thing(job: dict[str, Any]) -> None:
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])
    ids = {step["id"] for step in job["steps"] if "id" in step}
    used = set(re.findall(r"steps\.(\w+)\.", yaml.safe_dump(job)))
    assert used <= ids
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)


def test_the_engine_takes_its_commands(job: dict[str, Any]) -> None:
    lines = commands(job)
    assert len(lines) >= 4
    for line in lines:
        parsed = cli.parser().parse_args(shlex.split(line))
        assert parsed.command in cli.COMMANDS
        assert not getattr(parsed, "hidden", False)  # students have no hidden checks


@pytest.mark.parametrize(("exit_code", "words"), [(0, "✓ softmax"), (1, "✗ softmax")])
def test_the_check_step_shows_the_report_and_fails_with_it(
    job: dict[str, Any], tmp_path: Path, exit_code: int, words: str
) -> None:
    (script,) = [text for text in scripts(job) if "GITHUB_STEP_SUMMARY" in text]
    engine = tmp_path / "bin" / "autograder"
    engine.parent.mkdir()
    engine.write_text(f"#!/bin/sh\necho '{words}' \"$2\"\nexit {exit_code}\n")
    engine.chmod(0o755)
    summary = tmp_path / "summary.md"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # as GitHub runs a step
        cwd=tmp_path,
        env={
            "PATH": f"{engine.parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(summary),
            "NOTEBOOK": "a notebook.ipynb",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == exit_code
    assert summary.read_text(encoding="utf-8") == f"```\n{words} a notebook.ipynb\n```\n"
