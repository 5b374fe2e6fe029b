"""`autograder completion SHELL`: scripts that the shells take, and that complete what there is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder import cli


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["completion", shell]) == 0
    return capsys.readouterr().out


def completed(text: str, words: list[str], folder: Path) -> list[str]:
    """What bash offers for the last of `words`, with the script in `text`."""
    program = """
        f=$(complete -p autograder | sed 's/.*-F //; s/ .*//')
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "$f"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", text + program, "bash", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return sorted(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["autograder", "pub"], ["publish"]),
        (["autograder", "check", "--h"], ["--help", "--hidden"]),
        (["autograder", "check", "soft"], ["softmax.ipynb"]),
        (["autograder", "export", "--to", "c"], ["canvas", "csv"]),
        (["autograder", "release", "s"], ["sampling", "softmax"]),
        (["autograder", "check", "--assignment", "so"], ["softmax"]),
        (["autograder", "completion", ""], ["bash", "fish", "zsh"]),
    ],
)
def test_bash_completes(
    words: list[str], offered: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("softmax", "sampling", "tokenization"):
        (tmp_path / "source" / name).mkdir(parents=True)
    (tmp_path / "softmax.ipynb").touch()

    assert completed(script("bash", capsys), words, tmp_path) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_knows_every_command_and_is_valid_where_its_shell_is_here(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell, capsys)

    assert [command for command in cli.COMMANDS if command not in text] == []
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=text, text=True, check=True)
