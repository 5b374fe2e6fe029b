"""What a cell of an answer has defined is the answer, whatever later cells do with its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.code.forbidden import reached
from autograder.model import Cell, Role
from autograder.notebook.repair import lost_names
from autograder.worker.handle import Wanted
from autograder.worker.taken import Taken

ANSWER = "def softmax(x):\n    return shift(x) * 2"
HELPER = "import math\ndef shift(x):\n    return math.floor(x)"
TOTAL = "def total(x):\n    return softmax(x) + 1"


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell()
    yield made
    made.restore_sys_module_state()


def ran(shell: InteractiveShell, cells: list[str], answers: dict[int, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The names of a notebook whose cells have run, and what is said of those that it lost."""
    shell.reset(new_session=False)
    shell.ast_transformers.clear()
    functions = ("softmax", "total")
    taken = Taken(shell, {name: sorted(reached(cells, name).keys() - {name}) for name in functions}, answers)
    for number, source in enumerate(cells):
        taken.begin(number)
        shell.run_cell(source, silent=True)
        taken.end(number)
    made = tuple(Cell(number, Role.CODE, "code", source) for number, source in enumerate(cells))
    return shell.user_ns, lost_names(made, taken.put_back(), functions)


@pytest.mark.parametrize(
    "later",
    [
        "softmax = softmax(3.5)",
        "softmax, other = softmax(3.5), 1",
        "from torch.nn.functional import softmax",
        "from torch import *",
        "import json as softmax",
        "for softmax in range(3):\n    pass",
        "with open('/dev/null') as softmax:\n    pass",
        "del softmax",
        "%reset -f",
        "softmax = lambda x: 0",
        "softmax = None",
        "globals()['softmax'] = 7",
        "%%time\nsoftmax = softmax(3.5)",
        "if (softmax := softmax(3.5)):\n    pass",
    ],
)
def test_the_function_of_the_answer_cell_is_the_answer(shell: InteractiveShell, later: str) -> None:
    names, said = ran(shell, [HELPER, ANSWER, later, "x = 1"], {1: "softmax"})

    assert names["softmax"](3.5) == 6
    assert len(said) == 1
    assert said[0].startswith("Cell 3 (`")
    assert "`softmax`" in said[0]


def test_the_sentence_shows_the_line_that_did_it(shell: InteractiveShell) -> None:
    _, said = ran(shell, [HELPER, ANSWER, "y = 1\nsoftmax = softmax(y)\nprint(y)"], {1: "softmax"})
    assert said == (
        "Cell 3 (`softmax = softmax(y)`) replaced or deleted `softmax`: the function of its answer cell is judged.",
    )

    _, said = ran(shell, [HELPER, ANSWER, TOTAL, "%reset -f"], {1: "softmax", 2: "total"})
    assert said == (
        "Cell 4 (`%reset -f`) replaced or deleted `softmax`, `total`, `math` and 1 more: what their own cells defined is judged.",
    )


@pytest.mark.parametrize(
    ("later", "value"),
    [
        ("def softmax(x):\n    return 'later'", "later"),
        ("if True:\n    def softmax(x):\n        return 'later'", "later"),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    def softmax(x):\n        return 'later'", "later"),
        ("%%time\ndef softmax(x):\n    return 'later'", "later"),
        ("@staticmethod\ndef softmax(x):\n    return 'later'", "later"),
        ("def softmax(x):\n    return 'later'\nsoftmax = softmax(1)", "later"),
        ('"""\ndef softmax(x):\n    return "a string"\n"""', 6),
        ("def other():\n    def softmax(x):\n        return 'inner'\n    return softmax\nother()", 6),
        ("def softmax(x):\n    raise NotImplementedError", 6),
    ],
)
def test_a_later_def_counts_as_in_python(shell: InteractiveShell, later: str, value: object) -> None:
    names, _ = ran(shell, [HELPER, ANSWER, later], {1: "softmax"})
    assert names["softmax"](3.5) == value


@pytest.mark.parametrize(
    "answer",
    [
        "softmax = lambda x: 6",
        "from functools import partial\nsoftmax = partial(max, 6)",
        "def softmax(x):\n    return 6\nsoftmax = softmax(1)",
        "def softmax(x):\n    return 5\ndef softmax(x):\n    return 6",
        "def softmax(x):\n    return 3\nplain = softmax\nsoftmax = lambda x: 2 * plain(x)",
        "def softmax(x):\n    return 6\n1 / 0",
        "class softmax:\n    def __new__(cls, x):\n        return 6",
    ],
)
def test_in_its_own_cell_any_way_to_bind_it_counts(shell: InteractiveShell, answer: str) -> None:
    names, _ = ran(shell, [answer, "softmax = 5"], {0: "softmax"})
    assert names["softmax"](3.5) == 6


@pytest.mark.parametrize(
    "later",
    [
        "%reset -f",
        "del shift, math",
        "shift = 3\nmath = 'text'",
        "shift = None",
        "math = 5",
        "sum = 3\nmax = 4",
        "from math import *\nshift = e",
    ],
)
def test_what_an_answer_uses_is_put_back(shell: InteractiveShell, later: str) -> None:
    answer = "def softmax(x):\n    return shift(x) * max(2, sum([1, 1]))"
    names, said = ran(shell, [HELPER, answer, later], {1: "softmax"})

    assert names["softmax"](3.5) == 6
    assert said


def test_a_value_that_changes_is_left_as_it_is(shell: InteractiveShell) -> None:
    cells = [
        "RATE = 1\ndef shift(): return 5",
        "shift = shift()",
        "def softmax(x):\n    return x * RATE + shift",
        "RATE = 2\nunused = 1",
        "del unused",
    ]
    names, said = ran(shell, cells, {2: "softmax"})

    assert (names["softmax"](3), said) == (11, ())
    assert "unused" not in names


def test_a_helper_that_is_defined_anew_is_the_new_one(shell: InteractiveShell) -> None:
    names, said = ran(shell, [HELPER, ANSWER, "def shift(x):\n    return 100"], {1: "softmax"})
    assert (names["softmax"](3), said) == (200, ())


def test_one_answer_calls_the_other_as_it_was_taken(shell: InteractiveShell) -> None:
    names, _ = ran(shell, [HELPER, ANSWER, TOTAL, "softmax = 'gone'"], {1: "softmax", 2: "total"})
    assert names["total"](3.5) == 7


def test_nothing_is_left_among_the_notebooks_names(shell: InteractiveShell) -> None:
    names, _ = ran(shell, [HELPER, ANSWER], {1: "softmax"})
    assert not [name for name in names if "defined" in name]


def test_only_names_and_cells_that_were_asked_about_are_believed() -> None:
    wanted = Wanted({"softmax": ["shift"]}, ((1, "softmax"),))
    said = {"softmax": 2, "shift": 99, "<b>": 2, "math": True, 7: 2}
    assert wanted.of(said, {1, 2}) == {"softmax": 2}
    assert wanted.of([("softmax", 2)], {2}) == {}
    assert lost_names((), {"softmax": 5}, ("softmax",)) == ()
