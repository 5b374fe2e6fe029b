"""Each module imports only from those above it, and the command line starts without the heavy ones."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import cli

# From the bottom of the engine to its top.  A name stands for a module or for a whole package.
ORDER = (
    "errors",
    "words",
    "interrupt",
    "files",
    "environment",
    "model",
    "scoring",
    "course",
    "policy",
    "submitted",
    "journal",
    "notebook",
    "code",
    "fingerprint",
    "wire",
    "markup",
    "sandbox",
    "worker",
    "checks",
    "draws",
    "judge",
    "judge_process",
    "pool",
    "bundle",
    "node",
    "cluster",
    "gradebook",
    "release",
    "publish",
    "partial",
    "regrade",
    "plan",
    "similarity",
    "variants",
    "report",
    "lms",
    "models",
    "doctor",
    "magic",
    "cli",
)
EDGES = {
    "__init__": ("magic",),
    "__main__": ("interrupt", "cli"),
}  # what the two special files of the package may import

HEAVY = (
    "torch",
    "transformers",
    "nbgrader",
    "pandas",
    "nbformat",
    "jsonschema",
    "IPython",
    "matplotlib",
    "pytest",
    "distributed",
)


def imported(source: str) -> set[str]:
    """The dotted names that `source` imports anywhere, inside functions too; `from a import b` gives "a.b"."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level  # relative ones are refused by ruff, and are no name that we know
            names |= {f"{dots}{node.module or ''}.{alias.name}" for alias in node.names}
    return names


def faults(part: str, source: str) -> list[str]:
    """What a file that belongs to `part` imports against the order."""
    allowed = EDGES.get(part) if part in EDGES else ORDER[: ORDER.index(part) + 1]
    assert allowed is not None
    found = []
    for name in sorted(imported(source)):
        package, _, rest = name.partition(".")
        if package == "autograder" and rest:
            target = rest.split(".")[0]
            if target in ORDER and target not in allowed:
                found.append(f"{part} imports {name}, which is above it")
        elif package == "nbgrader" and part != "gradebook":
            found.append(f"{part} imports {name}: only gradebook may")
    return found


def part_of(path: Path, package: Path) -> str:
    return path.relative_to(package).with_suffix("").parts[0]


def engine_files() -> list[Path]:
    return sorted((Path(__file__).resolve().parent.parent / "autograder").rglob("*.py"))


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: path.relative_to(path.parents[2]).as_posix())
def test_a_module_imports_only_from_those_below_it(path: Path, root: Path) -> None:
    part = part_of(path, root / "autograder")

    assert part in ORDER or part in EDGES, f"{part} has no place in the order of modules: give it one here, and in docs"
    assert faults(part, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("wire", "from autograder.worker import client"),
        ("model", "def f():\n    import autograder.cli"),
        ("judge", "from autograder import gradebook"),
        ("judge", "def f():\n    from nbgrader.api import Gradebook"),
        ("__init__", "from autograder.cli import main"),
    ],
)
def test_an_import_against_the_order_is_found(part: str, source: str) -> None:
    assert len(faults(part, source)) == 1


def test_an_import_along_the_order_is_fine() -> None:
    assert faults("cli", "from autograder import __version__, errors\nimport torch") == []
    assert faults("checks", "from autograder.checks.values import close") == []
    assert faults("gradebook", "import nbgrader") == []


def test_the_command_line_starts_without_heavy_imports(root: Path) -> None:
    """Nor does any command, before it has looked at what it was asked for."""
    commands = "".join(f"import autograder.cli.{name}; " for name in cli.COMMANDS)
    program = f"{commands}import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []
