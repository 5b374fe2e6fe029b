"""Honest code is under no suspicion; code that reaches into the process that runs it is not believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.code.suspicious import doubt, signs, touches

TASKS = ("softmax", "total")
RIGHT = sorted(Path(__file__).parents[2].glob("source/*/variants/right/*/*.py"))
NOTEBOOKS = sorted(Path(__file__).parents[2].glob("source/*/*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_solution_is_under_no_suspicion(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]

    assert (signs(sources), touches(sources), doubt(sources, "softmax", TASKS)) == ((), False, "")


def test_no_right_answer_is_under_suspicion() -> None:
    assert RIGHT
    for path in RIGHT:
        source = [path.read_text(encoding="utf-8")]
        assert (signs(source), doubt(source, "softmax", TASKS)) == ((), ""), path


@pytest.mark.parametrize(
    "source",
    [
        "import autograder.worker.watch as w\nw.Watch = None",
        "from autograder.worker import child\nchild.Child",
        "from autograder.worker.child import *\nx = 1",
        "import gc\nprint(gc.get_objects())",
        "import sys\nmine = sys.modules['autograder.wire']",
        "def helper():\n    import ctypes\n    return ctypes\nhelper()",
        "import ctypes as c\nclass A:\n    x = c.c_int()",
        "def softmax(x):\n    return inner(x)\ndef inner(x):\n    import sys\n    return sys._getframe()",
        "def late(x=__import__('gc').get_objects()): pass",
        "%%time\nimport gc\ngc.unfreeze()",
        "what?\nimport autograder",
    ],
)
def test_what_reaches_into_the_process_is_not_believed(source: str) -> None:
    assert doubt([source], "softmax", TASKS)
    assert touches([source])


@pytest.mark.parametrize(
    "source",
    [
        "# the autograder looks at f_back here",
        'note = "autograder check softmax.ipynb"',
        "!autograder check softmax.ipynb",
        "import gc\ngc.collect()",
        "import ctypes",
        "import sys\nhere = 'google.colab' in sys.modules",
        "def total(x):\n    import ctypes\n    ctypes.string_at(0)",
        "import torch\nbest = torch.stack([torch.ones(1)])",
    ],
)
def test_what_only_mentions_it_or_belongs_to_another_task_is_believed(source: str) -> None:
    assert doubt([source], "softmax", TASKS) == ""
