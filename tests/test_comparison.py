"""What docs/comparison.md and README.md claim beside other graders has a test that is there, or a reason why it is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FILED = re.compile(r"\[([\w-]+) (\d+)\]\(https://github\.com/([\w/-]+)/(?:issues|pull)/(\d+)\)")
PROOF = re.compile(r"\[`(\w+)`\]\(([\w/.]+\.py)\)")
NAMES = {
    "nbgrader": "jupyter/nbgrader",
    "otter": "ucbds-infra/otter-grader",
    "PrairieLearn": "PrairieLearn/PrairieLearn",
    "check50": "cs50/check50",
    "Gradescope": "gradescope/autograder_samples",
}
ASKED = "| users ask for | filed as |"


def rows(page: Path) -> list[str]:
    """The rows of the tables of a page that say what users ask for."""
    found, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if inside and line.startswith("|") and not line.startswith("|---"):
            found.append(line)
        inside = line.startswith(ASKED) or (inside and line.startswith("|"))
    return found


def functions_of(file: Path) -> set[str]:
    """The tests at the top level of a file; none if there is no such file."""
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def faults(row: str, page: Path) -> list[str]:
    """What is wrong with a row: nowhere filed, an address that is not what it says, no proof, or one that is not there."""
    filed, proofs = FILED.findall(row), PROOF.findall(row)
    last = row.strip("| ").split(" | ")[-1]
    found = [] if filed else ["it was filed nowhere"]
    found += [f"{name} {number}" for name, number, place, to in filed if (NAMES.get(name), number) != (place, to)]
    found += [test for test, file in proofs if test not in functions_of(page.parent / file)]
    if not proofs and (FILED.search(last) or not re.match(r"[A-Z]\w+(?: \S+){5,}\.$", last)):
        found.append("neither proof nor reason")
    return found


@pytest.mark.parametrize("name", ["docs/comparison.md", "README.md"])
def test_every_row_was_filed_and_is_proved_or_has_a_reason(root: Path, name: str) -> None:
    page = root / name
    found = rows(page)

    assert len(found) >= 8
    assert {row: wrong for row in found if (wrong := faults(row, page))} == {}


def test_the_short_table_is_a_part_of_the_long_one(root: Path) -> None:
    long = {row.split(" | ")[0]: row for row in rows(root / "docs" / "comparison.md")}
    for row in rows(root / "README.md"):
        whole = long[row.split(" | ")[0]]
        assert FILED.findall(row) == FILED.findall(whole)
        assert {test for test, _ in PROOF.findall(row)} <= {test for test, _ in PROOF.findall(whole)}
        assert PROOF.search(row)


HERE = "[`test_a_wrong_row_is_found`](../tests/test_comparison.py)"
OTTER = "[otter 1](https://github.com/ucbds-infra/otter-grader/issues/1)"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (f"| A | {OTTER} | b | {HERE} |", []),
        (f"| A | {OTTER} | Nobody has asked us for it yet. |", []),
        (f"| A | b | c | {HERE} |", ["it was filed nowhere"]),
        (f"| A | {OTTER.replace('otter 1', 'otter 2')} | b | {HERE} |", ["otter 2"]),
        (f"| A | {OTTER.replace('otter 1', 'nbgrader 1')} | b | {HERE} |", ["nbgrader 1"]),
        (f"| A | {OTTER} | b | {HERE.replace('_row_', '_column_')} |", ["test_a_wrong_column_is_found"]),
        (f"| A | {OTTER} | b | {HERE.replace('comparison.py', 'gone.py')} |", ["test_a_wrong_row_is_found"]),
        (f"| A | {OTTER} | b | later |", ["neither proof nor reason"]),
        (f"| A | {OTTER} |", ["neither proof nor reason"]),
    ],
)
def test_a_wrong_row_is_found(root: Path, row: str, wrong: list[str]) -> None:
    assert faults(row, root / "docs" / "comparison.md") == wrong
