"""Cells as people write them: processes, settings of libraries, modules beside the notebook.  They run as in a kernel, or cost nothing."""

from __future__ import annotations

import ast
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import torch

from autograder import notebook
from autograder.checks import built
from autograder.checks.student import Call, Live
from autograder.code.forbidden import banned_name
from autograder.model import Cell, Course, Limits, Manifest, NotGradable, ReleasedCell, Role, Submission, Task
from autograder.notebook import helpers, without_magics
from autograder.similarity import answers
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent

Ran = Callable[..., Attempt]
QUICK = Limits(cell_seconds=15.0)


@pytest.fixture(scope="module")
def parent(course: Course) -> Iterator[WarmParent]:
    models = ("transformers.models.gpt2.modeling_gpt2", "transformers.models.llama.modeling_llama")
    with WarmParent((), course.required_layers, modules=("pandas", "sklearn.linear_model", *models)) as made:
        yield made


@pytest.fixture
def ran(parent: WarmParent) -> Iterator[Ran]:
    """`ran(*sources)`: an attempt that has run these cells."""
    attempts = []

    def of(*sources: str, files: tuple[tuple[str, str], ...] = ()) -> Attempt:
        cells = tuple(Cell(at, Role.CODE, "code", source) for at, source in enumerate(sources))
        submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", cells, files=files)
        attempts.append(Attempt(parent, submission, QUICK))
        attempts[-1].worker()
        return attempts[-1]

    yield of
    for attempt in attempts:
        attempt.__exit__(None, None, None)


def printed(attempt: Attempt, cell: int) -> str:
    return "".join(output.get("text", "") for output in attempt.outputs[cell])


# ── processes ─────────────────────────────────────────────────────────────────────────────────────

PROCESSES = {
    "a data loader": (
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\nprint(sum(float(b[0].sum()) for b in DataLoader(TensorDataset(torch.arange(6.)), batch_size=2, num_workers=2)))",
        "15.0",
    ),
    "a pool": ("import multiprocessing as mp\nwith mp.Pool(2) as pool: print(pool.map(abs, [-1, 2]))", "[1, 2]"),
    "a pool that is spawned": ("with mp.get_context('spawn').Pool(2) as pool: print(pool.map(abs, [-1, 2]))", "[1, 2]"),
    "a start method": ("mp.set_start_method('spawn', force=True)\nwith mp.Pool(1) as pool: print(pool.map(abs, [-3]))", "[3]"),
    "an executor": (
        "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2) as pool: print(list(pool.map(abs, [-1, 2])))",
        "[1, 2]",
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool: print(list(pool.map(abs, [-1, 2])))",
        "[1, 2]",
    ),
    "a process of one's own": ("one = mp.Process(target=abs, args=(1,)); one.start(); one.join(); print(one.exitcode)", "0"),
    "a queue of tensors": (
        "queue = mp.Queue()\none = mp.Process(target=lambda: queue.put(torch.ones(2))); one.start()\nprint(queue.get()); one.join()",
        "tensor([1., 1.])",
    ),
    "torch's own processes": (
        "import torch.multiprocessing as tm\ndef work(rank, queue): queue.put(torch.ones(1) * rank)\nqueue = tm.Queue()\ntm.spawn(work, args=(queue,), nprocs=2)\nprint(sorted(queue.get().item() for _ in range(2)))",
        "[0.0, 1.0]",
    ),
    "shared memory": (
        "from multiprocessing.shared_memory import SharedMemory\none = SharedMemory(create=True, size=8); one.buf[0] = 5\nother = SharedMemory(one.name); print(other.buf[0])\nother.close(); one.close(); one.unlink()",
        "5",
    ),
    "joblib": ("from joblib import Parallel, delayed\nprint(Parallel(n_jobs=2)(delayed(abs)(x) for x in [-1, 2]))", "[1, 2]"),
    "scikit-learn": (
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import cross_val_score\nx = [[0.], [1.]] * 6\nprint(cross_val_score(LogisticRegression(), x, [0, 1] * 6, cv=2, n_jobs=-1).tolist())",
        "[1.0, 1.0]",
    ),
    "a fork that runs on": ("import os\nif os.fork() == 0: print('child')\nelse: os.wait(); print('parent')", "parent"),
    "a compiled function": (
        "@torch.compile\ndef twice(x): return 2 * x\nprint(twice(torch.ones(1)))",
        "tensor([2.])",
    ),
    "a manager": (
        "try: mp.Manager()\nexcept PermissionError as error: print(error)",
        "[Errno 1] a multiprocessing.Manager needs a socket, which grading does not allow: use a Queue or a Pipe",
    ),
}  # fmt: skip


def test_processes_work_or_fail_at_once(ran: Ran) -> None:
    """A cell that waits for a process that is refused would run into its time."""
    attempt = ran(*(source for source, _ in PROCESSES.values()))

    assert attempt.execution().errors == ()
    assert {name: printed(attempt, at).strip() for at, name in enumerate(PROCESSES)} == {
        name: said for name, (_, said) in PROCESSES.items()
    }


# ── settings ──────────────────────────────────────────────────────────────────────────────────────

SETTINGS = """import torch, numpy as np, pandas as pd, random, warnings, os, decimal
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_grad_enabled(False)
torch.set_printoptions(precision=1); torch.set_num_threads(2); torch.use_deterministic_algorithms(True); torch.manual_seed(7)
np.set_printoptions(precision=1); np.seterr(all="raise"); np.random.seed(7); random.seed(7)
pd.options.display.max_rows = 1; pd.options.mode.string_storage = "python"
warnings.simplefilter("error")
os.environ.clear(); os.mkdir("elsewhere"); os.chdir("elsewhere")
decimal.getcontext().prec = 2
def mine(x): return [str(torch.get_default_dtype()), str(torch.get_default_device()), torch.is_grad_enabled(), np.geterr()["over"], torch.get_num_threads()]
def given(model, x, frame):
    with torch.device("cpu"):
        return {
            "model": [[str(p.dtype), str(p.device), p.requires_grad, p.double().sum().item()] for p in model.parameters()],
            "input": [str(x.dtype), str(x.device), x.double().sum().item()],
            "frame": [str(kind) for kind in frame.dtypes],
        }
def warned():
    warnings.warn("careful")
def then_float16(): torch.set_default_dtype(torch.float16)"""


def test_what_a_notebook_sets_changes_its_answers_and_nothing_of_ours(ran: Ran) -> None:
    model = built("tiny-causal-lm", seed=41, arch="gpt2", dtype="float32")
    frame = pd.DataFrame({"text": ["a", "b"], "label": [0, 1]})
    call = Call("given", [model, torch.ones(3), frame])
    other = built("tiny-causal-lm", seed=42, arch="llama", dtype="float32")
    live = Live(ran(SETTINGS))
    plain = Live(ran(SETTINGS[SETTINGS.index("def mine") :].replace("def mine", "import torch\ndef mine")))

    assert live.call(call, watch="")["value"] == plain.call(call, watch="")["value"]
    assert live.call(Call("mine", [torch.ones(2)]), watch="")["value"] == ["torch.float64", "meta", False, "raise", 1]
    assert live.call(Call("warned"), watch="")["error"]["type"] == "UserWarning"
    live.call(Call("then_float16"), watch="")  # a function may set them too
    call = Call("given", [other, torch.ones(3), frame])
    assert live.call(call, watch="")["value"] == plain.call(call, watch="")["value"]
    assert live.call(Call("mine", [torch.ones(2)]), watch="")["value"][0] == "torch.float16"


def test_a_model_that_a_check_hands_out_is_the_same_on_both_sides(ran: Ran) -> None:
    model = built("tiny-causal-lm", seed=43, arch="gpt2", dtype="float32")
    source = "import torch\ntorch.set_default_dtype(torch.float64)\ndef total(model): return [p.sum().item() for p in model.parameters()]"
    value = Live(ran(source)).call(Call("total", [model]), watch="")["value"]

    assert value == pytest.approx([one.sum().item() for one in model.parameters()])


# ── modules beside the notebook ───────────────────────────────────────────────────────────────────


MANIFEST = Manifest(
    "a", "A", "a.ipynb", (Task("one", "One", "one", 1.0),), (ReleasedCell("1", Role.ANSWER, "code", "def one(): ...", "one", "one"),)
)  # fmt: skip


def read(folder: Path, source: str) -> Submission:
    marks = {"nbgrader": {"grade_id": "one", "solution": True}}
    cell = {"cell_type": "code", "metadata": marks, "source": source, "outputs": []}
    (folder / "a.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    found = notebook.read(folder / "a.ipynb", MANIFEST, "ada", Limits())
    assert not isinstance(found, NotGradable)
    return found


USES = "from utils import shift\nimport tools.more as more\ndef one(): return shift(more.two())"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "utils.py").write_text("from base import one_more\ndef shift(x): return one_more(x)", encoding="utf-8")
    (tmp_path / "base.py").write_text(
        "def one_more(x):\n    import torch\n    return x + 1 + 0 * torch.softmax(torch.zeros(1), 0).item()",
        encoding="utf-8",
    )
    (tmp_path / "unused.py").write_text("import ctypes", encoding="utf-8")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "more.py").write_text("def two(): return 2", encoding="utf-8")
    (tmp_path / "tools" / "__init__.py").write_text("\n", encoding="utf-8")
    return tmp_path


def test_a_helper_file_is_there_for_import(folder: Path, ran: Ran) -> None:
    submission = read(folder, USES)
    attempt = ran(*submission.code[-1:], files=submission.files)

    assert [name for name, _ in submission.files] == ["base.py", "tools/__init__.py", "tools/more.py", "utils.py"]
    assert Live(attempt).call(Call("one"), watch="")["value"] == 3


def test_what_looks_at_the_code_looks_at_the_helper_files(folder: Path) -> None:
    submission = read(folder, USES)

    assert banned_name(submission.code, "one", ("torch.softmax",), ("one",)) == "torch.softmax"
    assert "one_more" in answers(submission)
    assert "ctypes" not in "".join(submission.code)  # nothing asks for that file, so it is not there either


def test_a_changed_helper_file_is_another_submission(folder: Path) -> None:
    before = read(folder, USES).digest
    assert notebook.digest(folder / "a.ipynb", Limits()) == before
    (folder / "base.py").write_text("def one_more(x): return x", encoding="utf-8")

    assert notebook.digest(folder / "a.ipynb", Limits()) == read(folder, USES).digest != before


def test_links_large_files_and_what_is_no_module_are_left_out(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.py").write_text("secret = 1", encoding="utf-8")
    (folder / "secret.py").symlink_to(elsewhere / "secret.py")
    (folder / "outside").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe.py")
    (folder / "large.py").write_text("#" * (helpers.MAX_BYTES + 1), encoding="utf-8")
    (folder / "not-a-name.py").write_text("x = 1", encoding="utf-8")
    (folder / "long.py").write_text("#" * 500_000, encoding="utf-8")

    assert [name for name, _ in helpers.beside(folder / "a.ipynb")] == [
        "base.py", "long.py", "unused.py", "utils.py", "tools/__init__.py", "tools/more.py",
    ]  # fmt: skip
    submission = read(folder, "import secret, outside, pipe, large, long\ndef one(): ...")
    assert submission.files == ()
    assert submission.repairs[0].startswith("long.py was left out")


def test_nothing_of_the_course_is_a_helper_file(folder: Path) -> None:
    """A notebook that staff check where the course lies does not get the hidden checks beside it."""
    (folder / "course_config.py").write_text("secret = 1", encoding="utf-8")
    handed_in = folder / "submitted" / "ada" / "a"
    handed_in.mkdir(parents=True)
    (handed_in / "utils.py").write_text("x = 1", encoding="utf-8")

    assert helpers.beside(folder / "a.ipynb") == helpers.beside(folder / "tools" / "a.ipynb") == []
    assert helpers.beside(handed_in / "a.ipynb") == [("utils.py", b"x = 1")]


def test_a_helper_file_does_not_replace_the_assignments_data(ran: Ran) -> None:
    attempt = ran("import data_of\nprint(data_of.x)", files=(("data_of.py", "x = 1"),))

    assert printed(attempt, 0) == "1\n"


# ── IPython's syntax, read without being run ──────────────────────────────────────────────────────

READ = {
    "!ls\nx = 1": "pass\nx = 1",
    "if x:\n    !ls {x}\n    y = 2": "if x:\n    pass\n    y = 2",
    "x = !ls": "x = None",
    "a, b = !ls": "a, b = None",
    "x = %time f(3)": "x = f(3)",
    "t = %timeit -o -n 10 f(3)": "t = f(3)",
    "%time y = g()": "y = g()",
    "%timeit -n 10 -r3 g()": "g()",
    "%prun -l 5 -s cumulative g()": "g()",
    "%matplotlib inline\nx = 1": "pass\nx = 1",
    "%%time\nx = 1\n!ls": "pass\nx = 1\npass",
    "%%timeit -n 1 z = 3\nx = z": "z = 3\nx = z",
    "%%capture out\n%%time\nx = 1": "pass\npass\nx = 1",
    "%%writefile a.txt\nimport autograder": "pass\n",
    "%%writefile a.py\nimport ctypes": "pass\nimport ctypes",
    "%%bash\nls '": "pass\n",
    "\n\n%%html\n<b>": "\n\npass\n",
    "np.sum?": "pass",
    "np.sum??\nx = 1": "pass\nx = 1",
    "?x": "pass",
    "x = 1  # really?": "x = 1  # really?",
    "s = 'what?'": "s = 'what?'",
    "s = '''\n!ls\n%time\n'''\n!ls": "s = '''\n!ls\n%time\n'''\npass",
    "f(a\n%b)": "f(a\n%b)",
    "y = (10\n% 3)\n%pwd": "y = (10\n% 3)\npass",
    "z = 5 \\\n% 3": "z = 5 \\\n% 3",
    "!pip install a \\\n   b\nx = 1": "pass\n\nx = 1",
    "/f 1 2": "f(1, 2)",
    ",f a b": "f('a', 'b')",
    ";f a b": "f('a b')",
    ">>> x = 1\n>>> if x:\n...     y = 2": "x = 1\nif x:\n    y = 2",
    "In [3]: x = 1\n   ...: y = 2": "x = 1\ny = 2",
    "  x = 1\n  y = 2": "x = 1\ny = 2",
    "print('a = %d' % 3)": "print('a = %d' % 3)",
    "x = '= %s' % y": "x = '= %s' % y",
    "x = 7 %3": "x = 7 %3",
    "d['k'] = !ls": "d['k'] = None",
    "if True: x = !ls": "if True: x = None",
    '# a comment with """\n!ls': '# a comment with """\npass',
    "%%check\ndef f(): ...": "pass\ndef f(): ...",
    "plain = 1": "plain = 1",
}


@pytest.mark.parametrize("source", READ)
def test_a_cell_is_read_as_ipython_would_run_it(source: str) -> None:
    assert without_magics(source) == READ[source]
    assert source.count("\n") == READ[source].count("\n")


@pytest.mark.parametrize("source", [one for one in READ if "%%" not in one and "a, b" not in one])
def test_ipython_takes_the_same_lines_for_its_own(source: str) -> None:
    """Its transformer is the rule: what it leaves alone stays, what it replaces by a call of the shell is no longer there."""
    from IPython.core.inputtransformer2 import TransformerManager

    class NoShell(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            return ast.Constant("shell") if "get_ipython" in ast.unparse(node) else node

    theirs = ast.parse(TransformerManager().transform_cell(source))
    ours = ast.parse(without_magics(source))
    kept = [ast.unparse(NoShell().visit(node)) for node in theirs.body]

    assert len(kept) == len([line for line in kept if line]) == len(ours.body)
    for one, other in zip(kept, ours.body, strict=True):
        if "shell" not in one:
            assert one == ast.unparse(other)


HOSTILE = [
    '\\"' * 50_000, '"' * 100_000, "'\"'" * 60_000, "(" * 200_000, "?" * 200_000, "%" * 200_000, "%%time\n" * 30_000, "!ls\n" * 50_000,
    "x = !ls\n" * 20_000, "a?\n" * 60_000, " " * 200_000 + "%x", "= %a" * 60_000, "%time -n " + "-n 1 " * 40_000, "'''\n" * 60_000,
    "%time " + "(" * 100_000, "!a\\\n" * 60_000, ">>> " * 60_000, "\\" * 200_000 + "!", "%%capture\n" * 30_000, "x = %time " + "-" * 200_000,
]  # fmt: skip


def test_hostile_cells_are_read_in_no_time() -> None:
    for source in HOSTILE:
        began = time.process_time()
        without_magics(source)
        assert time.process_time() - began < 2, source[:20]
