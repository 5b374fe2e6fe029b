"""What IPython and a Jupyter kernel offer runs in a worker too; what needs a program or a person is named in a line and costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.model import Cell, Course, Limits, Role, Submission
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent

IMAGE = "image/png"
PASSED_OVER = r"Grading starts no programs: `.*` was passed over, and the notebook goes on\."
SAID = {
    # name: cells, and a pattern for what the last one shows
    "figures are drawn without asking": (["import matplotlib.pyplot as plt", "plt.plot([1, 2])"], IMAGE),
    "%matplotlib inline": (["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()"], IMAGE),
    "%matplotlib widget": (["%matplotlib widget\nplt.plot([1])"], IMAGE),
    "%matplotlib notebook": (["%matplotlib notebook\nplt.plot([1])"], IMAGE),
    "%matplotlib qt": (["%matplotlib qt\nplt.plot([1])"], IMAGE),
    "%matplotlib alone": (["%matplotlib\nplt.plot([1])"], IMAGE),
    "%matplotlib agg": (["%matplotlib agg\nplt.plot([1])\nplt.close('all')\nprint('drawn')"], "drawn"),
    "%matplotlib inline again": (["%matplotlib inline\nplt.plot([1])"], IMAGE),
    "a backend for windows": (["import matplotlib\nmatplotlib.use('TkAgg')\nplt.plot([1])"], IMAGE),
    "%config": (["%config InlineBackend.figure_format = 'svg'\nplt.plot([1])"], "image/svg"),
    "autoreload": (["%load_ext autoreload\n%autoreload 0\nprint('goes on')"], "goes on"),
    "an extension that is not here": (["%load_ext lab_black_xyz\nprint('goes on')"], "not installed where notebooks are graded.*goes on"),
    "run_line_magic": (["get_ipython().run_line_magic('matplotlib', 'inline')\nprint('goes on')"], "goes on"),
    "%time": (["%time timed = 3\ntimed"], "Wall time.*3"),
    "%%time": (["%%time\ntimed_cell = 4\ntimed_cell"], "Wall time"),
    "what %%time ran stays": (["timed_cell"], "4"),
    "%timeit": (["%timeit -n 1 -r 1 sum([1])"], "per loop"),
    "%%timeit": (["%%timeit -n 1 -r 1\nsum([1])"], "per loop"),
    "%%capture": (["%%capture seen\nprint('hidden')", "seen.stdout"], "hidden"),
    "%%writefile": (["%%writefile utils.py\ndef shift(x): return x + 1", "from utils import shift\nshift(1)"], "2"),
    "a module that is written again": (
        ["%%writefile utils.py\ndef shift(x): return x + 2", "import importlib, utils\nimportlib.reload(utils).shift(1)"],
        "3",
    ),
    "%run": (["%run utils.py\nshift(1)"], "3"),
    "%load": (["%load utils.py"], "^$"),
    "%store": (["stored = 7\n%store stored\ndel stored\n%store -r stored\nstored"], "7"),
    "%history": (["%history -n 1-2"], "plt"),
    "%alias": (["%alias greet echo hello %s\n%greet you"], "hello you"),
    "%cd": (["%mkdir inner\n%cd inner\n%pwd", "%cd ..\nimport os\nos.path.isdir('inner')"], "True"),
    "%ls": (["%ls"], "utils.py"),
    "%cat": (["%cat utils.py"], "def shift"),
    "%env": (["%env COLOUR=red\n%env COLOUR"], "red"),
    "%who": (["%who"], "stored"),
    "%precision": (["%precision 2\n1 / 3"], r"0\.33"),
    "%xmode": (["%xmode Plain\n%xmode Context"], "Context"),
    "%prun": (["%prun sum([1])"], "function calls"),
    "%%html": (["%%html\n<b>bold</b>"], "text/html"),
    "%%javascript": (["%%javascript\nalert(1)"], "application/javascript"),
    "%%latex": (["%%latex\n$x$"], "text/latex"),
    "%%markdown": (["%%markdown\n*x*"], "text/markdown"),
    "%%svg": (["%%svg\n<svg></svg>"], "image/svg"),
    "help": (["len?"], "Return the number of items"),
    "more help": (["shift??"], "def shift"),
    "help in front": (["?len"], "Return the number of items"),
    "brackets are added": (["/len 'abc'"], "3"),
    "the last result": (["40 + 2", "_"], "42"),
    "all results": (["Out[max(Out)] + 1"], "43"),
    "all inputs": (["In[-1]"], r"In\[-1\]"),
    "a semicolon keeps quiet": (["1 + 1;"], "^$"),
    "display": (["display(5)"], "5"),
    "clear_output": (["print('old')\nfrom IPython.display import clear_output\nclear_output()\nprint('new')"], "^(?!.*old).*new"),
    "await": (["import asyncio\nawait asyncio.sleep(0)\nprint('woke')"], "woke"),
    "a task without await": (["async def three(): return 3\ntask = asyncio.create_task(three())", "await task"], "3"),
    "asyncio.run": (["asyncio.run(three())"], "3"),
    "%autosave": (["%autosave 60\nprint('goes on')"], "goes on"),
    "automagic": (["pwd"], "/"),
    "a progress bar": (["from tqdm.auto import tqdm\nsum(tqdm(range(4)))"], "6"),
    # programs: passed over
    "!command": (["!nvidia-smi\nprint('goes on')"], f"{PASSED_OVER}.*goes on"),
    "x = !command": (["lines = !nvidia-smi -L\nprint('GPU' in lines[0], len(lines))"], f"{PASSED_OVER}.*False 1"),
    "system()": (["get_ipython().system('nvcc --version')\nprint('goes on')"], f"{PASSED_OVER}.*goes on"),
    "os.system": (["os.system('pip install tqdm')\nprint('goes on')"], f"{PASSED_OVER}.*goes on"),
    "%pip": (["%pip install tqdm\nprint('goes on')"], f"{PASSED_OVER}.*goes on"),
    "pip alone": (["pip install tqdm"], PASSED_OVER),
    "%conda": (["%conda install tqdm\nprint('goes on')"], f"{PASSED_OVER}.*goes on"),
    "pip as a process": (
        ["import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'tqdm'])\nprint('goes on')"],
        f"{PASSED_OVER}.*goes on",
    ),
    "%%bash": (["%%bash --out said\necho x", "repr(said)"], "''"),
    "%%sh": (["%%sh\necho x"], PASSED_OVER),
    "%sx": (["%sx date"], PASSED_OVER),
    "%system": (["%system date"], PASSED_OVER),
    "files by a shell's names": (["!mkdir -p made && ls\n!mkdir -p made\n!ls"], f"{PASSED_OVER}.*made"),
    "a name in a command": (["folder = 'by_name'\n!mkdir {folder}\n!ls -d $folder"], "by_name"),
    "a file that is missing": (["!rm nothing\n!cat nothing\nprint('goes on')"], "rm: .*cat: .*goes on"),
    # nobody is asked
    "exit()": (["exit()\nprint('goes on')"], "exit.. and quit.. end nothing here.*goes on"),
    "quit": (["quit"], "end nothing here"),
    "exit(0)": (["exit(0)\nprint('goes on')"], "end nothing here.*goes on"),
    "input()": (["said = input('Name? ')\nprint('goes on', repr(said))"], r"input\('Name\? '\) cannot be answered while grading.*goes on ''"),
    "getpass": (["import getpass\ngetpass.getpass('Token: ')\nprint('goes on')"], "cannot be answered.*goes on"),
    "breakpoint()": (["breakpoint()\nprint('goes on')"], "no debugger while grading.*goes on"),
    "pdb": (["import pdb; pdb.set_trace()\nprint('goes on')"], "no debugger while grading.*goes on"),
    "%debug": (["%debug\nprint('goes on')"], "no debugger while grading.*goes on"),
    "%%debug": (["%%debug\ndebugged = 1", "debugged"], "1"),
    "%reset without an answer": (["%reset\nstored"], "7"),
    # what nobody here knows, and what covers the names of the built-ins
    "an unknown magic": (["%unheard of\nprint('goes on')"], "UsageError: Line magic function `%unheard` not found.*goes on"),
    "%pylab": (["%pylab inline\nprint(linspace(0, 1, 2))"], r"\[0\. 1\.\]"),
}  # fmt: skip
STOPS = {
    "sys.exit()": ("kept = 1\nimport sys\nsys.exit()\nlost = 1", "SystemExit", "sys.exit() ended this cell; the cells after it were run."),
    "an unknown cell magic": ("%%unheard\nx = 1", "UsageError", "Cell magic `%%unheard` not found."),
    "an error": ("before = 1\n1 / 0\nafter = 1", "ZeroDivisionError", "division by zero"),
    "the debugger was asked for": ("%pdb on\n1 / 0", "ZeroDivisionError", "division by zero"),
    "another program": ("import subprocess\nsubprocess.run(['ls'])", "PermissionError", "[Errno 1] grading starts no programs: 'ls'"),
    "endless questions": ("while True: input()", "EOFError", "input() cannot be answered while grading, and this code asks again and again."),
}  # fmt: skip
LAST = "print('kept' in globals(), 'lost' in globals(), 'before' in globals(), 'after' in globals())"


@pytest.fixture(scope="module")
def ran(course: Course) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """What the last cell of each entry showed, and the errors, by name: one notebook, one worker."""
    sources, names = [], []
    for name, (cells, _) in SAID.items():
        sources += cells
        names += [name] * len(cells)
    for name, (source, _, _) in STOPS.items():
        sources.append(source)
        names.append(name)
    sources.append(LAST)
    names.append("what is left")
    cells = tuple(Cell(at, Role.CODE, "code", source) for at, source in enumerate(sources))
    submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", cells)
    with WarmParent((), course.required_layers, modules=("matplotlib.pyplot", "tqdm.auto")) as parent:
        with Attempt(parent, submission, Limits(output_kb=4096)) as attempt:
            attempt.worker()
            shown = {names[at]: _text(outputs) for at, outputs in sorted(attempt.outputs.items())}
            errors = {names[one.cell]: f"{one.type}: {one.message}" for one in attempt.execution().errors}
        yield shown, errors


def _text(outputs: list[dict[str, object]]) -> str:
    """The text of outputs in a line, and the kinds of data."""
    parts: list[str] = []
    for output in outputs:
        data = output.get("data")
        if isinstance(data, dict):
            parts += [*data, str(data.get("text/plain", ""))]
        else:
            parts.append(str(output.get("text", output.get("evalue", ""))))
    return " ".join(" ".join(parts).split()) if parts else ""


@pytest.mark.parametrize("name", SAID)
def test_a_feature_of_jupyter_works_or_costs_nothing(name: str, ran: tuple[dict[str, str], dict[str, str]]) -> None:
    shown, errors = ran

    assert name not in errors
    assert re.search(SAID[name][1], shown[name]), shown[name]


@pytest.mark.parametrize("name", STOPS)
def test_a_cell_stops_where_jupyter_stops_it(name: str, ran: tuple[dict[str, str], dict[str, str]]) -> None:
    _, kind, message = STOPS[name]

    assert ran[1][name] == f"{kind}: {message}"


def test_what_a_cell_did_before_it_stopped_stays(ran: tuple[dict[str, str], dict[str, str]]) -> None:
    assert ran[0]["what is left"] == "True False True False"


def test_every_magic_of_ipython_is_known_to_the_worker() -> None:
    """Those of a kernel too; a new one that starts programs would show in the table above, which this keeps complete."""
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.worker.shell import Shell

    ours, stock = Shell().magics_manager.lsmagic(), InteractiveShell().magics_manager.lsmagic()
    kernel = {"autosave", "clear", "cls", "connect_info", "edit", "less", "more", "man", "qtconsole", "subshell"}

    assert set(ours["line"]) >= set(stock["line"]) | kernel | {"store"}
    assert set(ours["cell"]) >= set(stock["cell"])
