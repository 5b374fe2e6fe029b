"""What the documents say is there, and what is there is documented."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from test_imports import ORDER

from autograder import cli
from autograder.errors import AutograderError

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"^(?:\.venv/bin/|python -m )?autograder ([a-z][^#>|\n]*)", re.MULTILINE)
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


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Links to files that are not there, or to headings that they do not have."""
    links = LINK.findall(page.read_text(encoding="utf-8"))
    return [
        f"{file}#{heading}" if heading else file
        for file, heading in links
        if not (to := page.parent / file if file else page).exists() or (heading and heading not in anchors(to))
    ]


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


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_the_help_of_a_command_has_an_example_that_the_engine_takes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main([command, "--help"])
    (example,) = re.findall(rf"^Example: autograder ({command}.*)", capsys.readouterr().out, re.MULTILINE)

    assert is_taken(example)


def test_commands_are_found_in_code_only() -> None:
    page = (
        "The autograder is quick.\n```\nautograder check a.ipynb   # a comment\nmake x\n```\nand `autograder doctor`."
    )

    assert commands(page) == ["check a.ipynb", "doctor"]


def test_local_links_lead_somewhere(root: Path) -> None:
    assert {page.name: broken for page in documents(root) if (broken := broken_links(page))} == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("## A `part`\n[a](page.md) [b](#there) [c](gone.md) [d](page.md#a-part) [e](https://example.org/x)")

    assert broken_links(page) == ["#there", "gone.md"]


def test_every_page_is_reached_from_the_readme(root: Path) -> None:
    linked = {file for file, _ in LINK.findall((root / "README.md").read_text(encoding="utf-8"))}

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


# ── docs/architecture.md ──────────────────────────────────────────────────────────────────────────

NAME = re.compile(r"(?<![\w/.])[a-z_]+(?:\.\w+)+(?![\w/])")
FILES = (".py", ".json", ".md", ".ipynb", ".html", ".db")


def named(page: str) -> set[str]:
    """The dotted names in a page's code and pictures: modules and what is in them."""
    code = " ".join("".join(block) for block in CODE.findall(page))
    return {name for name in NAME.findall(code) if not name.endswith(FILES)}


def is_there(name: str) -> bool:
    """Whether `name` is a module of the engine, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(["autograder", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        try:
            return functools.reduce(getattr, parts[length:], found) is not None
        except AttributeError:
            return False
    return False


def architecture(root: Path) -> str:
    return (root / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_what_the_architecture_names_is_there(root: Path) -> None:
    names = named(architecture(root))

    assert len(names) > 25
    assert {name for name in names if not is_there(name)} == set()


def test_the_order_of_modules_is_the_one_that_is_enforced(root: Path) -> None:
    (order,) = re.findall(r"```text\n(errors →.*?)```", architecture(root), re.DOTALL)
    described = re.findall(r"`(\w+)`", architecture(root).partition(order)[2].partition("| | |")[2])

    assert tuple(re.findall(r"\w+", order)) == ORDER
    assert sorted(described) == sorted(ORDER)


def test_a_name_that_is_not_there_is_found() -> None:
    page = '```mermaid\nA["plan.make<br/>x"]\n```\n`plan.brew`, `checks.nowhere.f`, `worker.handle.Worker.begin`, `tests/x.py`, `model.json`'

    assert named(page) == {"plan.make", "plan.brew", "checks.nowhere.f", "worker.handle.Worker.begin"}
    assert {name for name in named(page) if not is_there(name)} == {"plan.brew", "checks.nowhere.f"}


# ── docs/faq.md ───────────────────────────────────────────────────────────────────────────────────

QUOTED = re.compile(r'"([^"\n]+)"')


def messages(root: Path) -> str:
    """All texts in the engine's code, one in a line; what is filled in while it runs is left out."""
    found = []
    for path in sorted((root / "autograder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.append("".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def unknown(page: str, known: str) -> list[str]:
    """The sentences that a page quotes of which a part occurs in no text of the engine."""
    parts = {quote: [part.strip(" .:,") for part in quote.split("…")] for quote in QUOTED.findall(page)}
    return [
        quote for quote, words in parts.items() if not any(words) or any(part not in known for part in words if part)
    ]


def test_every_error_that_the_questions_quote_is_one_of_the_engine(root: Path) -> None:
    page = (root / "docs" / "faq.md").read_text(encoding="utf-8")

    assert len(QUOTED.findall(page)) > 50
    assert unknown(page, messages(root)) == []


def test_every_reason_not_to_grade_a_file_is_among_the_questions(root: Path) -> None:
    source = ast.parse((root / "autograder" / "notebook" / "read.py").read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(source) if isinstance(node, ast.Call) and ast.unparse(node.func) == "_Unreadable"
    ]
    begins = {re.split(r"[{:]", ast.unparse(call.args[0]).strip("f'\""))[0].strip() for call in calls}
    seldom = {"This is not an ordinary file", "The file could not be opened", "The file could not be read",
              "The file cannot be read", "The file is nested more deeply than any notebook."}  # fmt: skip
    page = (root / "docs" / "faq.md").read_text(encoding="utf-8")

    assert len(begins) > 12
    assert {begin for begin in begins - seldom if begin not in page} == set()


def test_a_quote_of_no_message_is_found() -> None:
    known = "There is no file: hand in …"

    assert unknown('"There is no file: hand in …" and "…" and "There is no teapot"', known) == [
        "…",
        "There is no teapot",
    ]


def test_the_exit_codes_are_those_of_the_errors(root: Path) -> None:
    page = (root / "docs" / "faq.md").read_text(encoding="utf-8")
    codes = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))

    assert codes == {"0", "130"} | {str(kind.exit_code) for kind in errors_of(AutograderError)}


def errors_of(kind: type[AutograderError]) -> list[type[AutograderError]]:
    return [kind, *(one for below in kind.__subclasses__() for one in errors_of(below))]


def cells(lines: list[str]) -> dict[str, list[str]]:
    """The rows of a table by their first cell, without its head."""
    rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows[1:]}


def test_what_it_costs_is_what_was_measured(root: Path) -> None:
    measured = json.loads((root / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    nbgrader, otter = (cells(measured[part]["lines"]) for part in ("nbgrader", "otter"))
    told = (root / "README.md").read_text(encoding="utf-8").partition("## What it costs")[2].partition("\n## ")[0]

    assert nbgrader.keys() == otter.keys() == {path.name for path in (root / "source").iterdir()}
    assert cells(told.splitlines()) == {
        name: [there, otter[name][0], here, ratio] for name, (there, _, here, ratio, _) in nbgrader.items()
    }
