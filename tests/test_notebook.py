"""Reading and repairing what students hand in: every damage that we know of, and some that nobody has thought of."""

from __future__ import annotations

import copy
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat as _nbformat
import pytest

from autograder.errors import AuthoringError
from autograder.model import Limits, NotGradable, Role, Submission
from autograder.notebook import (
    canonical,
    load_manifest,
    manifest_from_notebook,
    manifest_to_json,
    read,
    role_of,
    strip_solution,
)

Notebook = dict[str, Any]
nbformat: Any = _nbformat  # it ships no types
LIMITS = Limits(notebook_mb=1)

DOUBLE = '''def double(x: int) -> int:
    """Twice a number

    Any integer."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION'''
TRIPLE = '''def triple(x: int) -> int:
    """Three times a number."""
    ### BEGIN SOLUTION
    return double(x) + x
    ### END SOLUTION'''
SETUP = "import math\nimport random"
DOUBLE_TEST = 'assert double(2) == 4, "double(2) is 4"\nassert double(0) == 0, "double(0) is 0"\nprint("double: the visible tests pass.")'
TRIPLE_TEST = 'assert triple(2) == 6, "triple(2) is 6"\nprint("triple: the visible tests pass.")'
PICTURE = "import matplotlib.pyplot as plt\nplt.plot([double(x) for x in range(9)])"


def cell(
    number: int, source: str, kind: str = "code", mark: Notebook | None = None, tags: list[str] | None = None
) -> Notebook:
    metadata: Notebook = {}
    if mark:
        metadata["nbgrader"] = {
            "grade": False,
            "solution": False,
            "locked": True,
            "schema_version": 3,
            "task": False,
        } | mark
    if tags:
        metadata["tags"] = tags
    made: Notebook = {"cell_type": kind, "id": f"cell-{number}", "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def answer(number: int, name: str, source: str, points: float) -> Notebook:
    mark = {"grade_id": name, "grade": True, "solution": True, "locked": False, "points": points}
    return cell(number, source, mark=mark)


SOURCE: Notebook = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [
        cell(0, "# Numbers", "markdown"),
        cell(1, SETUP, mark={"grade_id": "setup"}),
        cell(2, "First, double.", "markdown"),
        answer(3, "times-two", DOUBLE, 4),
        cell(4, DOUBLE_TEST, mark={"grade_id": "times-two-test"}),
        cell(5, PICTURE, tags=["demo"]),
        cell(6, "Then, triple.", "markdown"),
        answer(7, "times-three", TRIPLE, 6.5),
        cell(8, TRIPLE_TEST, mark={"grade_id": "times-three-test"}),
        cell(9, "x = 12"),
    ],
}
SETUP_AT, DOUBLE_AT, DOUBLE_TEST_AT, PICTURE_AT, TRIPLE_AT, TRIPLE_TEST_AT = 1, 3, 4, 5, 7, 8
MY_DOUBLE = "def double(x):\n    return x + x"
MY_TRIPLE = "def triple(x):\n    return x + x + x"


def released() -> Notebook:
    nb = copy.deepcopy(SOURCE)
    for each in nb["cells"]:
        each["source"] = strip_solution(each["source"])
    return nb


def answered() -> Notebook:
    nb = released()
    nb["cells"][DOUBLE_AT]["source"] = MY_DOUBLE
    nb["cells"][TRIPLE_AT]["source"] = MY_TRIPLE
    return nb


MANIFEST = manifest_from_notebook(SOURCE, "numbers", title="Numbers", models=("a/model",))


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[[object], Submission | NotGradable]:
    def hand(content: object) -> Submission | NotGradable:
        path = tmp_path / "numbers.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read(path, MANIFEST, "ada", LIMITS)

    return hand


def accepted(result: Submission | NotGradable) -> Submission:
    assert isinstance(result, Submission), result
    return result


def values(submission: Submission) -> tuple[object, object]:
    """What the submission's code answers, as a grader would run it: every code cell that is no test and no demo."""
    names: dict[str, Any] = {}
    for each in submission.cells:
        if each.cell_type == "code" and each.role in (Role.SETUP, Role.ANSWER, Role.CODE):
            exec(each.source, names)
    return names["double"](5), names["triple"](5)


# ── manifests ─────────────────────────────────────────────────────────────────────────────────────


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


# ── honest notebooks ──────────────────────────────────────────────────────────────────────────────


def test_an_undamaged_notebook_is_read_without_repair(hand_in: Callable[[object], Any]) -> None:
    submission = accepted(hand_in(answered()))
    assert submission.repairs == submission.flags == ()
    assert [c.role for c in submission.cells] == [c.role for c in MANIFEST.cells]
    assert [c.index for c in submission.cells] == list(range(10))
    assert submission.cells[DOUBLE_AT].source == MY_DOUBLE
    assert submission.cells[DOUBLE_AT].task == "times-two"
    assert submission.digest.startswith("sha256:")
    assert values(submission) == (10, 15)


def test_the_untouched_release_is_read_without_repair(hand_in: Callable[[object], Any]) -> None:
    submission = accepted(hand_in(released()))
    assert submission.repairs == submission.flags == ()


def test_a_notebook_of_format_3_is_read_like_any_other(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"][9]["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": "careful"},
        {"output_type": "execute_result", "data": {"text/plain": "12"}, "metadata": {}, "execution_count": 1},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]},
    ]
    old = nbformat.writes(nbformat.convert(nbformat.from_dict(nb), 3), version=3)
    submission = accepted(hand_in(old.encode()))
    assert values(submission) == (10, 15)
    assert [c.source for c in submission.cells if c.role is Role.ANSWER] == [MY_DOUBLE, MY_TRIPLE]
    assert [o["output_type"] for o in submission.cells[9].outputs] == ["stream", "execute_result", "error"]
    assert submission.cells[9].outputs[1]["data"] == {"text/plain": "12"}


def test_extra_cells_and_duplicate_keys_cost_nothing(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"].insert(2, cell(20, "!pip install something"))
    nb["cells"].append(cell(21, "My thoughts.", "markdown"))
    text = json.dumps(nb).replace('"nbformat": 4,', '"nbformat": 4, "nbformat": 4,')
    submission = accepted(hand_in(text.encode()))
    assert submission.repairs == ()
    assert [c.role for c in submission.cells[2:4]] == [Role.CODE, Role.TEXT]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_read(hand_in: Callable[[object], Any], encoding: str) -> None:
    assert values(accepted(hand_in(json.dumps(answered()).encode(encoding)))) == (10, 15)


def test_bytes_that_are_no_text_are_replaced_and_said_so(hand_in: Callable[[object], Any]) -> None:
    data = json.dumps(answered()).replace("Then, triple.", "Köpfe", 1).encode("latin-1")
    assert "not UTF-8" in accepted(hand_in(data)).repairs[0]


# ── repairs: every damage leaves the values, the tests and a sentence ─────────────────────────────


def _strip_marks(c: list[Notebook]) -> None:
    for each in c:
        each["metadata"] = {}
        each.pop("id")


def _colab(c: list[Notebook]) -> None:
    for each in c:
        each["metadata"] = {"id": each.pop("id"), "colab": {"base_uri": "x"}}


def _split(c: list[Notebook]) -> None:
    first, second = copy.deepcopy(c[TRIPLE_AT]), c[TRIPLE_AT]
    first["source"] = "def helper(x):\n    return x * 3"
    second["source"] = "def triple(x):\n    return helper(x)"
    c.insert(TRIPLE_AT, first)


def _split_unmarked(c: list[Notebook]) -> None:
    c[TRIPLE_AT]["source"] = "def helper(x):\n    return x * 3"
    c.insert(TRIPLE_AT + 1, cell(30, "def triple(x):\n    return helper(x)"))


def _answer_above_the_stub(c: list[Notebook]) -> None:
    c.insert(DOUBLE_AT, cell(30, MY_DOUBLE))
    c[DOUBLE_AT + 1]["source"] = MANIFEST.cells[DOUBLE_AT].source


def _merge_with_test(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["source"] += "\n" + c.pop(DOUBLE_TEST_AT)["source"]


def _merge_into_test(c: list[Notebook]) -> None:
    c[DOUBLE_TEST_AT]["source"] = MY_DOUBLE + "\n" + c[DOUBLE_TEST_AT]["source"]
    c.pop(DOUBLE_AT)


def _helper_in_test(c: list[Notebook]) -> None:
    c[DOUBLE_TEST_AT]["source"] += "\ndef helper(x):\n    return 3 * x"
    c[TRIPLE_AT]["source"] = "def triple(x):\n    return helper(x)"


def _helper_in_picture(c: list[Notebook]) -> None:
    c[PICTURE_AT]["source"] = "def helper(x):\n    return 3 * x"
    c[TRIPLE_AT]["source"] = "def triple(x):\n    return helper(x)"


def _swap_marks(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["metadata"], c[TRIPLE_AT]["metadata"] = c[TRIPLE_AT]["metadata"], c[DOUBLE_AT]["metadata"]


def _both_in_one(c: list[Notebook]) -> None:
    c[DOUBLE_AT]["source"] += "\n\n" + c.pop(TRIPLE_AT)["source"]


DAMAGE: dict[str, tuple[Callable[[list[Notebook]], object], str]] = {
    "all marks and ids lost": (_strip_marks, "marks were missing on"),
    "opened in Colab": (_colab, "marks were missing on"),
    "an answer's marks lost": (lambda c: c[DOUBLE_AT].update(metadata={}), "marks were missing on times-two"),
    "an answer tagged": (
        lambda c: c[DOUBLE_AT]["metadata"].update(tags=["skip-execution"]),
        "'skip-execution' on times-two",
    ),
    "an answer tagged demo": (lambda c: c[DOUBLE_AT]["metadata"].update(tags=["demo"]), "'demo' on times-two"),
    "an answer with a picture's id": (
        lambda c: c[DOUBLE_AT].update(id="cell-5", metadata={"tags": ["demo"]}),
        "'demo'",
    ),
    "an answer marked as a test": (
        lambda c: c[DOUBLE_AT]["metadata"]["nbgrader"].update(grade_id="times-two-test"),
        "marks were missing on times-two",
    ),
    "an answer split": (_split, "spread over 2 cells"),
    "an answer split, marks kept on the first": (_split_unmarked, "found in another cell"),
    "an answer copied": (lambda c: c.insert(TRIPLE_AT, copy.deepcopy(c[TRIPLE_AT])), "defined in 2 cells"),
    "an answer given twice": (lambda c: c.append(cell(30, MY_DOUBLE)), "defined in 2 cells"),
    "an answer above its stub": (_answer_above_the_stub, "the empty one is not run"),
    "answers swapped": (_swap_marks, "found in another cell"),
    "both answers in one cell": (_both_in_one, "triple was found in the cell of times-two"),
    "answer and test merged": (_merge_with_test, "test cell of times-two was missing"),
    "answer merged into the test": (_merge_into_test, "test cell of times-two was missing"),
    "cells reversed": (lambda c: c.reverse(), "set-up cell stood below an answer"),
    "test deleted": (lambda c: c.pop(DOUBLE_TEST_AT), "test cell of times-two was missing"),
    "test emptied": (lambda c: c[DOUBLE_TEST_AT].update(source=""), "test cell of times-two was edited"),
    "test edited": (lambda c: c[DOUBLE_TEST_AT].update(source="assert True"), "test cell of times-two was edited"),
    "test edited and unmarked": (
        lambda c: c[DOUBLE_TEST_AT].update(metadata={}, id="new", source=DOUBLE_TEST + "\nprint('yes')"),
        "test cell of times-two was edited",
    ),
    "test turned to markdown": (lambda c: c[DOUBLE_TEST_AT].update(cell_type="markdown"), "turned into markdown"),
    "test turned to raw": (lambda c: c[DOUBLE_TEST_AT].update(cell_type="raw"), "turned into raw"),
    "test tagged": (lambda c: c[DOUBLE_TEST_AT]["metadata"].update(tags=["raises-exception"]), "'raises-exception'"),
    "test copied": (lambda c: c.insert(6, copy.deepcopy(c[DOUBLE_TEST_AT])), "second copy of the cell times-two-test"),
    "helper in a test": (_helper_in_test, "edited to define helper"),
    "helper in a picture": (_helper_in_picture, "changed to define helper"),
    "set-up deleted": (lambda c: c.pop(SETUP_AT), "set-up cell was missing"),
    "set-up edited": (
        lambda c: c[SETUP_AT].update(source=SETUP + "\nimport json"),
        "released one is run first, then yours",
    ),
    "set-up emptied": (lambda c: c[SETUP_AT].update(source=""), "set-up cell was edited"),
    "set-up moved to the end": (lambda c: c.append(c.pop(SETUP_AT)), "set-up cell stood below an answer"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_repaired_and_named(hand_in: Callable[[object], Any], name: str) -> None:
    damage, words = DAMAGE[name]
    nb = answered()
    damage(nb["cells"])
    submission = accepted(hand_in(nb))
    assert values(submission) == (10, 15)
    assert any(words in sentence for sentence in submission.repairs), submission.repairs
    assert all(sentence.endswith(".") for sentence in submission.repairs)
    assert submission.flags == ()
    assert [c.index for c in submission.cells] == list(range(len(submission.cells)))
    tests = {c.task: c.source for c in submission.cells if c.role is Role.TEST}
    assert tests == {"times-two": DOUBLE_TEST, "times-three": TRIPLE_TEST}
    assert sum(c.role is Role.TEST for c in submission.cells) == 2
    first = next(c for c in submission.cells if c.role in (Role.SETUP, Role.ANSWER))
    assert (first.role, first.source) == (Role.SETUP, SETUP)


def test_a_deleted_test_comes_back_after_its_answer(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"].pop(DOUBLE_TEST_AT)
    assert [c.grade_id for c in accepted(hand_in(nb)).cells] == [c.grade_id for c in MANIFEST.cells]


def test_a_students_test_output_is_not_taken_over(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"][DOUBLE_TEST_AT]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "all pass"}]
    assert accepted(hand_in(nb)).cells[DOUBLE_TEST_AT].outputs == ()


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_that_was_turned_into_text_is_flagged_and_not_run(
    hand_in: Callable[[object], Any], kind: str
) -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT]["cell_type"] = kind
    submission = accepted(hand_in(nb))
    found = submission.cells[DOUBLE_AT]
    assert (found.role, found.cell_type, found.source) == (Role.ANSWER, kind, MY_DOUBLE)
    assert submission.flags == (
        f"The answer of times-two is a {kind} cell: it does not run and counts as not attempted.",
    )


def test_an_empty_answer_counts_as_not_attempted(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT]["source"] = "  \n"
    submission = accepted(hand_in(nb))
    assert submission.cells[DOUBLE_AT].role is Role.ANSWER
    assert "empty" in submission.repairs[0]


def test_a_deleted_answer_is_named(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"].pop(DOUBLE_AT)
    assert "There is no cell with an answer to times-two: it counts as not attempted." in accepted(hand_in(nb)).repairs


def test_an_unmarked_answer_under_another_name_is_found_by_its_place(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"][DOUBLE_AT].update(metadata={}, id="new", source="def twice(x):\n    return 2 * x")
    found = accepted(hand_in(nb)).cells[DOUBLE_AT]
    assert (found.role, found.task) == (Role.ANSWER, "times-two")


def test_the_last_definition_wins_as_in_python(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"].append(cell(30, "def double(x):\n    return 'later'"))
    assert values(accepted(hand_in(nb)))[0] == "later"


def test_a_picture_that_was_played_with_stays_a_picture(hand_in: Callable[[object], Any]) -> None:
    nb = answered()
    nb["cells"][PICTURE_AT]["source"] = PICTURE.replace("9", "900")
    nb["cells"][PICTURE_AT]["outputs"] = [{"output_type": "display_data", "data": {"image/png": ["aG", "Vs"]}}]
    found = accepted(hand_in(nb)).cells[PICTURE_AT]
    assert found.role is Role.DEMO
    assert found.outputs[0]["data"] == {"image/png": "aGVs"}


# ── files that cannot be graded ───────────────────────────────────────────────────────────────────

WHOLE = json.dumps(answered()).encode()


def _zip(*names: str) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _other_assignment() -> bytes:
    nb = {
        "nbformat": 4,
        "cells": [cell(0, "import os", mark={"grade_id": "setup"}), answer(1, "wordpiece", "def wordpiece(): 1", 2)],
    }
    return json.dumps(nb).encode()


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "only null bytes": (b"\x00" * 100, "is empty"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "its end is missing"),
    "damaged": (WHOLE.replace(b'"cells":', b'"cells"', 1), "is damaged"),
    "in a merge": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> main\n]}', "Git merge"),
    "a Word document": (_zip("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "an old Word"),
    "a zip": (_zip("a.txt"), "a zip archive, not"),
    "a zipped notebook": (_zip("numbers.ipynb"), "a zip archive that holds a notebook"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "a script": (b"import torch\n", "a Python script"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "plain text": (b"I have done it all", "is not a Jupyter notebook"),
    "a list": (b"[1, 2]", "JSON but not a Jupyter notebook"),
    "null": (b"null", "JSON but not a Jupyter notebook"),
    "another JSON": (b'{"cells": {"a": 1}}', "JSON but not a Jupyter notebook"),
    "no cells": (b'{"cells": [], "nbformat": 4}', "has no cells"),
    "nested": (b"[" * 100_000, "nested more deeply"),
    "all brackets": (b"[" + b"{}," * 400_000 + b"1]", "larger than 1 MB"),
    "too many cells": (b'{"cells": [' + b"{}," * 2500 + b"{}]}", "more than 2000"),
    "too large": (b'{"cells": ["' + b"x" * 2**20 + b'"]}', "larger than 1 MB"),
    "a huge number": (b'{"cells": [' + b"9" * 5000 + b"]}", "is damaged"),
    "another assignment": (_other_assignment(), "another assignment (it has wordpiece)"),
    "another notebook": (
        json.dumps({"nbformat": 4, "cells": [cell(0, "print(1)")]}).encode(),
        "belongs to the assignment numbers",
    ),
    "cells that are no cells": (b'{"cells": [1, null, [], "x"]}', "belongs to the assignment numbers"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_graded_gets_one_sentence(hand_in: Callable[[object], Any], name: str) -> None:
    data, words = UNREADABLE[name]
    result = hand_in(data)
    assert isinstance(result, NotGradable)
    assert words in result.reason
    assert result.reason.endswith(".")
    assert (result.assignment, result.student) == ("numbers", "ada")


def test_brackets_are_counted_before_they_are_parsed(tmp_path: Path) -> None:
    path = tmp_path / "numbers.ipynb"
    path.write_bytes(b"[" + b"{}," * 1_100_000 + b"1]")
    result = read(path, MANIFEST, "ada", Limits())
    assert isinstance(result, NotGradable)
    assert "more parts" in result.reason


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    real = tmp_path / "real.ipynb"
    real.write_bytes(WHOLE)
    (tmp_path / "link.ipynb").symlink_to(real)
    (tmp_path / "dangling.ipynb").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "fifo.ipynb")
    reasons = {}
    for path in [
        *tmp_path.iterdir(),
        tmp_path / "missing.ipynb",
        tmp_path / "null\0.ipynb",
        tmp_path / ("x" * 300),
        Path("/dev/zero"),
    ]:
        result = read(path, MANIFEST, "ada", LIMITS)
        reasons[path.name] = result.reason if isinstance(result, NotGradable) else ""
    assert reasons.pop("real.ipynb") == ""
    assert "a link" in reasons["link.ipynb"]
    assert "a link" in reasons["dangling.ipynb"]
    assert "a folder" in reasons["folder.ipynb"]
    assert "ordinary file" in reasons["fifo.ipynb"]
    assert "ordinary file" in reasons["zero"]
    assert "no file" in reasons["missing.ipynb"]
    assert all(reason.endswith(".") for reason in reasons.values())


# ── strange values ────────────────────────────────────────────────────────────────────────────────

STRANGE: list[object] = [
    None, True, -1, 1e999, float("nan"), "", "\ud800", "a\x00b", [], {}, [[]], [None, "x"], {"x": {}}, "x" * 5000,
    {"nbgrader": {"grade_id": ["setup"], "solution": "yes"}}, {"nbgrader": []}, {"tags": "demo"}, {"tags": [1]}, [{"a": [{}]}],
]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("key", ["cell_type", "id", "metadata", "source", "outputs"])
def test_a_strange_value_anywhere_in_a_cell_is_survived(
    hand_in: Callable[[object], Any], key: str, value: object
) -> None:
    nb = answered()
    for at in (SETUP_AT, DOUBLE_AT, DOUBLE_TEST_AT, PICTURE_AT):
        nb["cells"][at][key] = value
    submission = accepted(hand_in(nb))
    assert {c.task for c in submission.cells if c.role is Role.TEST} == {"times-two", "times-three"}
    json.dumps([c.source for c in submission.cells], ensure_ascii=False).encode()
    json.dumps([c.outputs for c in submission.cells], ensure_ascii=False).encode()
