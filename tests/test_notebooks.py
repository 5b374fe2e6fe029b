"""The instructors' notebooks: canonical, whole, and what the documents say of them."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import notebook

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.name for path in (ROOT / "source").iterdir() if (path / f"{path.name}.ipynb").exists())
MAP = re.compile(r"(tokenization|softmax|sampling|sentiment|diffusion): ((?:`[\w-]+`(?:, )?)+)")
ENDLESS = 600
"""Seconds after which a cell is said to have no end."""


def text_of(name: str) -> str:
    return (ROOT / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8")


def cells_of(name: str) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(text_of(name))["cells"]
    return cells


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_canonical(name: str) -> None:
    assert text_of(name) == notebook.canonical(json.loads(text_of(name)))
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_visible_test_says_in_words_what_is_wrong(name: str) -> None:
    for cell in cells_of(name):
        if str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).endswith("-test"):
            asserts = [node for node in ast.walk(ast.parse(notebook.source_of(cell))) if isinstance(node, ast.Assert)]
            assert asserts
            assert all(node.msg is not None for node in asserts), cell["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_header_leads_to_colab_and_to_the_checker(name: str) -> None:
    header = notebook.source_of(cells_of(name)[0])
    assert "colab.research.google.com/github/" in header
    assert f"/{name}/{name}.ipynb" in header
    assert f"autograder check {name}.ipynb" in header


@pytest.mark.parametrize("name", NAMES)
def test_every_task_has_variants_of_both_kinds(name: str) -> None:
    for cell in cells_of(name):
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution"):
            folder = ROOT / "source" / name / "variants"
            counts = [len(list((folder / kind / marks["grade_id"]).glob("*.py"))) for kind in ("right", "wrong")]
            assert counts[0] >= 6, marks["grade_id"]
            assert counts[1] >= 8, marks["grade_id"]


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_from_top_to_bottom(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # on a busy machine threads only wait for each other
    nb = nbformat.reads(text_of(name), as_version=4)
    NotebookClient(nb, timeout=ENDLESS, resources={"metadata": {"path": str(ROOT / "source" / name)}}).execute()
    printed = [len(str(output.get("text", ""))) for cell in nb.cells for output in cell.get("outputs", [])]
    assert max(printed) < 4000, "a cell prints pages"
    loud = [output.text for cell in nb.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"]
    assert not loud


def test_the_map_of_the_lecture_names_cells_that_exist() -> None:
    page = (ROOT / "docs" / "lecture-map.md").read_text(encoding="utf-8")
    found = MAP.findall(page)
    assert len(found) >= 20
    for name, cells in found:
        ids = {cell["id"] for cell in cells_of(name)}
        assert set(re.findall(r"`([\w-]+)`", cells)) <= ids, name
