"""The manifest of a notebook, and what an author is told where none can be made."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from sample_notebook import DOUBLE, DOUBLE_AT, MANIFEST, SOURCE, TRIPLE, Notebook, released

from autograder.errors import AuthoringError
from autograder.model import Role
from autograder.notebook import (
    canonical,
    load_manifest,
    manifest_from_notebook,
    manifest_to_json,
    role_of,
    strip_solution,
)


def test_the_manifest_of_the_source_is_the_manifest_of_the_release() -> None:
    assert manifest_from_notebook(released(), "numbers", title="Numbers", models=("a/model",)) == MANIFEST
    assert [(t.id, t.title, t.function, t.points) for t in MANIFEST.tasks] == [
        ("times-two", "Twice a number", "double", 4.0),
        ("times-three", "Three times a number", "triple", 6.5),
    ]
    assert MANIFEST.max_score == 10.5
    assert "return 2 * x" not in json.dumps(manifest_to_json(MANIFEST))


def test_roles_follow_the_conventions_of_the_course() -> None:
    text, setup, ans, test, demo, code = Role.TEXT, Role.SETUP, Role.ANSWER, Role.TEST, Role.DEMO, Role.CODE
    assert [role_of(c) for c in SOURCE["cells"]] == [text, setup, text, ans, test, demo, text, ans, test, code]


def test_a_solution_region_becomes_the_stub_that_nbgrader_makes() -> None:
    from nbgrader.preprocessors import ClearSolutions

    preprocessor = ClearSolutions(code_stub={"python": "# YOUR CODE HERE\nraise NotImplementedError"})
    for source in (
        DOUBLE,
        TRIPLE,
        "def f():\n\tif 1:\n\t\t### BEGIN SOLUTION\n\t\tx\n\t\t### END SOLUTION\n\treturn 1\n",
    ):
        node = nbformat.v4.new_code_cell(source)
        preprocessor._replace_solution_region(node, "python")
        assert strip_solution(source) == node.source


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION"])
def test_a_broken_solution_region_is_an_authoring_error(source: str) -> None:
    with pytest.raises(AuthoringError):
        strip_solution(source)


def test_the_function_of_a_task_is_the_one_with_the_stub() -> None:
    nb = copy.deepcopy(SOURCE)
    nb["cells"][DOUBLE_AT]["source"] = (
        'def helper():\n    """Helps"""\n\n\n' + DOUBLE + '\n\n\ndef after():\n    """No stub"""'
    )
    assert manifest_from_notebook(nb, "numbers", title="").tasks[0].function == "double"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c[3]["metadata"]["nbgrader"].update(points=None), "no points"),
        (lambda c: c[3]["metadata"]["nbgrader"].update(grade_id="setup"), "used twice"),
        (lambda c: c[3].update(source="x = 1"), "no function"),
        (lambda c: c[3].update(source="def f(:"), "not valid Python"),
        (lambda c: c[4]["metadata"]["nbgrader"].update(grade_id="times-too-test"), "belongs to no task"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_notebook(change: Callable[[list[Notebook]], None], words: str) -> None:
    nb = copy.deepcopy(SOURCE)
    change(nb["cells"])
    with pytest.raises(AuthoringError, match=words):
        manifest_from_notebook(nb, "numbers", title="Numbers")


def test_a_manifest_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest_to_json(MANIFEST)))
    assert load_manifest(path) == MANIFEST


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"schema": 2}', '{"schema": 1, "tasks": 3}', "\x00"])
def test_a_broken_manifest_is_an_authoring_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "manifest.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(AuthoringError):
        load_manifest(path)


def test_the_canonical_form_is_one_and_is_a_notebook() -> None:
    nb = released()
    shuffled = {key: nb[key] for key in sorted(nb, reverse=True)}
    text = canonical(nb)
    assert text == canonical(shuffled) == canonical(json.loads(text))
    assert text.endswith("}\n")
    assert nbformat.reads(text, as_version=4).cells[DOUBLE_AT].source == nb["cells"][DOUBLE_AT]["source"]
