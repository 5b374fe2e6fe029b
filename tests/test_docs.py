"""What the documents say is there, and what is there is documented."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from autograder import cli

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"^(?:\.venv/bin/|python -m )?autograder ([a-z][^#\n]*)", re.MULTILINE)
# Package registries: pip's own configuration knows where packages come from, and differs from place to place.
REGISTRY = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|anaconda|debian)\.(?:org|com)\b|download\.pytorch\b", re.IGNORECASE
)
# Folders of somebody's machine.
PERSONAL = re.compile(r"(?<![\w.$}])/(?:root|home|Users|work|opt)/\w[\w.-]*")
ELSEWHERE = "/home/jovyan"  # the home of every Jupyter container: nobody's machine


def tracked(root: Path) -> list[Path]:
    """The files of the repository, those that are not yet committed included."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := root / name).is_file()]


def documents(root: Path) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def commands(page: str) -> list[str]:
    """The command lines of the engine that a page's code shows, without the program's name."""
    return [line.strip() for block in CODE.findall(page) for line in COMMAND.findall("".join(block))]


def is_taken(line: str) -> bool:
    try:
        cli.parser().parse_args(shlex.split(line))
    except SystemExit as end:
        return end.code == 0
    return True


def broken_links(page: Path) -> list[str]:
    return [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


def foreign_words(text: str) -> list[str]:
    """Registry hosts and folders of a machine in `text`."""
    return [*REGISTRY.findall(text), *(path for path in PERSONAL.findall(text) if path != ELSEWHERE)]


def test_every_command_is_documented(root: Path) -> None:
    shown = {line.split()[0] for page in documents(root) for line in commands(page.read_text(encoding="utf-8"))}

    assert set(cli.COMMANDS) <= shown


def test_every_documented_command_line_is_one_that_the_engine_takes(root: Path) -> None:
    shown = {line: page.name for page in documents(root) for line in commands(page.read_text(encoding="utf-8"))}

    assert {line: page for line, page in shown.items() if not is_taken(line)} == {}


def test_a_command_line_that_the_engine_refuses_is_found() -> None:
    assert is_taken("check --help")
    assert not is_taken("check softmax.ipynb --no-such-option")
    assert not is_taken("brew coffee")


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])

    assert re.findall(r"^    ([a-z]+) +\w", capsys.readouterr().out, re.MULTILINE) == list(cli.COMMANDS)


def test_commands_are_found_in_code_only() -> None:
    page = (
        "The autograder is quick.\n```\nautograder check a.ipynb   # a comment\nmake x\n```\nand `autograder doctor`."
    )

    assert commands(page) == ["check a.ipynb", "doctor"]


def test_local_links_lead_somewhere(root: Path) -> None:
    assert {page.name: broken for page in documents(root) if (broken := broken_links(page))} == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md) [b](#there) [c](gone.md) [d](page.md#part) [e](https://example.org/x)")

    assert broken_links(page) == ["gone.md"]


def test_every_page_is_reached_from_the_readme(root: Path) -> None:
    linked = set(LINK.findall((root / "README.md").read_text(encoding="utf-8")))

    assert {page.relative_to(root).as_posix() for page in documents(root)[1:]} <= linked


def test_no_file_names_a_registry_or_a_machine(root: Path) -> None:
    found = {
        path.relative_to(root).as_posix(): words
        for path in tracked(root)
        if (words := foreign_words(path.read_text(encoding="utf-8", errors="ignore")))
    }

    assert found == {}


@pytest.mark.parametrize("name", ["pypi", "files.pythonhosted"])
def test_a_registry_is_found(name: str) -> None:
    assert foreign_words(f"index-url = https://{name}.org/simple")


@pytest.mark.parametrize("folder", ["root", "home", "opt"])
def test_a_folder_of_a_machine_is_found(folder: str) -> None:
    assert foreign_words(f'path = "/{folder}/somebody/model.bin"')
    assert not foreign_words(f"https://example.org/{folder}/page and $HOME/{folder}/x and ./{folder}/x")
