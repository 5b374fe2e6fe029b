"""Honest code is under no suspicion; code that reaches into the process that runs it is not believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.code.suspicious import doubt, signs, touches

TASKS = ("softmax", "total")
TESTS = Path(__file__).parents[1]
RIGHT = sorted(TESTS.parent.glob("source/*/variants/right/*/*.py"))
NOTEBOOKS = sorted(TESTS.parent.glob("source/*/*.ipynb"))
ORDINARY = (TESTS / "ordinary_lines.txt").read_text(encoding="utf-8").strip().split("\n\n")
FLAGGED = 6
"""How many of a hundred ordinary lines may ask a person to have a look."""
BEGINS = "import gc, inspect, sys, ctypes, torch, threading\n"


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


def test_there_are_ordinary_lines_of_every_kind() -> None:
    assert len(ORDINARY) == len(set(ORDINARY)) > 250


def test_an_ordinary_line_raises_no_doubt_wherever_it_stands() -> None:
    """As a cell, and in an answer: as its first lines, with everything imported that the line may mean."""
    for line in ORDINARY:
        inside = "def softmax(x):\n" + "".join(f"    {part}\n" for part in line.split("\n")) + "    return x"
        for sources in ([BEGINS, line], [BEGINS, f"{line}\ndef softmax(x):\n    return x"], [BEGINS, inside]):
            if sources[-1] == inside and not _is_plain(line):
                continue
            assert doubt(sources, "softmax", TASKS) == "", line


def _is_plain(line: str) -> bool:
    """Whether a line can stand in an answer at all, and would be written there: no magic, no star import, no helper that asks for its
    caller, which inside an answer would be the grader."""
    return not any(
        word in line for word in ("%", "!", "?", "import *", "__future__", "f_back", "_getframe(1)", "stack()")
    )


def test_all_ordinary_lines_together_raise_no_doubt() -> None:
    assert doubt([BEGINS, *ORDINARY], "softmax", TASKS) == ""


def test_few_ordinary_lines_ask_a_person_to_have_a_look() -> None:
    flagged = [line for line in ORDINARY if signs([line])]
    assert len(flagged) <= FLAGGED * len(ORDINARY) / 100, flagged


@pytest.mark.parametrize(
    "source",
    [
        "import autograder.worker.watch as w\nw.Watch = None",
        "from autograder.worker import child\nchild.Child",
        "from autograder.worker.child import *\nx = 1",
        "from autograder import *",
        "import autograder\nautograder.worker.child.Child",
        "import sys\nmine = sys.modules['autograder.wire']",
        "import sys\nfor name in list(sys.modules):\n    if name.startswith('autograder'): print(name)",
        "import importlib\nwire = importlib.import_module('auto' + 'grader.wire')",
        "hidden = __import__('autograder').worker",
        "import gc\nprint([o for o in gc.get_objects() if type(o).__name__ == 'Child'])",
        "import gc\nWatch = next(o for o in gc.get_objects() if hasattr(o, '_ask_back'))",
        "def late(x=__import__('gc').unfreeze()): pass",
        "%%time\nimport gc\ngc.unfreeze()",
        "import gc as g\nh = g\nh.unfreeze()",
        "from gc import unfreeze\nunfreeze()",
        "from gc import *\nunfreeze()",
        "import gc\ngetattr(gc, 'un' + 'freeze')()",
        "import gc\nname = input()\ngetattr(gc, name)()",
        "what?\nimport gc\ngc.unfreeze()",
        "if True\n    gc.unfreeze()",
        "import sys\nsys.settrace(lambda *a: None)",
        "def softmax(x):\n    import sys\n    f = sys._getframe()\n    while f: f.f_locals.clear(); f = f.f_back",
        "def softmax(x):\n    return inner(x)\ndef inner(x):\n    import sys\n    return sys._getframe(2).f_locals['watcher']",
        "import inspect\ndef softmax(x):\n    return inspect.currentframe().f_back.f_locals",
        "import inspect\ndef softmax(x):\n    a = inspect.currentframe()\n    b = a.f_back\n    c = b.f_back\n    return c.f_locals",
        "import inspect\ndef grab(x):\n    return inspect.stack()[1][0].f_globals\nsoftmax = grab",
        "import inspect\nclass T:\n    def __float__(self):\n        return inspect.currentframe().f_back.f_locals\nT()",
        "import inspect\ndef softmax(x):\n    for one in inspect.stack():\n        one.frame.f_locals['watcher'] = None",
        "import ctypes\nctypes.pythonapi.PyEval_GetLocals()",
        "from ctypes import *\nmemmove(1, 2, 3)",
        "import ctypes\nctypes.c_long.from_address(7).value = 0",
        "open('/proc/self/mem', 'r+b')",
        "import os\nopen(f'/proc/{os.getpid()}/mem', 'r+b')",
        "from torch.utils import _python_dispatch as p\nwith p._disable_current_modes():\n    pass",
        "from torch.utils import _python_dispatch as p\nname = '_disable'\ngetattr(p, name)",
        "import torch\nwith torch._C._DisableTorchDispatch():\n    pass",
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
        "import autograder\nprint(autograder.__version__)",
        "import sys\nhere = 'google.colab' in sys.modules",
        "def total(x):\n    import gc\n    gc.unfreeze()",
        "import torch\nbest = torch.stack([torch.ones(1)])",
        "from torch.utils._python_dispatch import TorchDispatchMode\nclass Log(TorchDispatchMode):\n    def __torch_dispatch__(self, f, types, args=(), kwargs=None):\n        return f(*args)\nLog()",
    ],
)
def test_what_only_mentions_it_or_belongs_to_another_task_is_believed(source: str) -> None:
    assert doubt([source], "softmax", TASKS) == ""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import gc\nfor one in gc.get_objects(): print(one)", "objects that belong to others"),
        ("import torch\ntorch.exp = lambda x: x", "library functions that it replaces (`torch.exp`)"),
        ("import numpy as n\nsetattr(n, 'sum', max)", "library functions that it replaces"),
        ("exec(text)", "put together when it runs"),
        ("import sys\ndel sys.modules['torch']", "inner workings"),
        ("from threading import Thread\nThread(target=print).start()", "outlives a cell"),
        ("fake = types.ModuleType('autograder.wire')", "grader's own package"),
    ],
)
def test_what_a_person_should_look_at_is_flagged(source: str, words: str) -> None:
    assert any(words in flag for flag in signs([source]))


@pytest.mark.parametrize("source", ["# exec(text)", '"""gc.get_objects() and exec(x)"""', "def f():\n    'exec(x)'"])
def test_a_comment_is_no_sign(source: str) -> None:
    assert signs([source]) == ()
