"""`%check` in a notebook: the visible tests on what has been run, in words, on any machine that has the notebook's own packages."""

from __future__ import annotations

import json
import linecache
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import small_course
from IPython.core.error import UsageError

from autograder import course as courses
from autograder import magic
from autograder.magic import RAN_ONLY, hidden, live
from autograder.magic.ran import Ran
from autograder.magic.table import ONLY_VISIBLE, Table
from autograder.model import Limits, Manifest, Outcome, ReleasedCell, Role, Task
from autograder.notebook import manifest_to_json
from autograder.notebook.announced import Announced
from autograder.notebook.known import around, known
from autograder.notebook.text import without_own_magics
from autograder.release import load_source
from autograder.worker.shell import Shell

TEST = 'x = double(scale)\nassert x == 6, f"double(3) is 6, not {x}"\nprint("fine")'
TASKS = (Task("double", "Twice", "double", 2.0), Task("twice-two", "Twice two", "twice_two", 1.0))
LIMITS = Limits()
MANIFEST = Manifest(
    "doubling",
    "Doubling",
    "doubling.ipynb",
    TASKS,
    (
        ReleasedCell("a", Role.SETUP, "code", "scale = 3", "setup"),
        ReleasedCell("b", Role.ANSWER, "code", "def double(x):\n    raise NotImplementedError", "double", "double"),
        ReleasedCell("c", Role.TEST, "code", TEST, "double-test", "double"),
        ReleasedCell("d", Role.ANSWER, "code", "", "twice-two", "twice-two"),
        ReleasedCell("e", Role.TEST, "code", "assert twice_two() == 4", "twice-two-test", "twice-two"),
    ),
)


def notebook(source: str) -> dict[str, Any]:
    """The globals of a notebook in which the set-up cell and `source` were run."""
    file = "<cell of a student>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"scale": 3}
    exec(compile(source, file, "exec"), namespace)
    return namespace


@pytest.mark.parametrize(
    ("source", "outcome", "message"),
    [
        ("def double(x): return 2 * x", Outcome.PASSED, ""),
        ("def double(x): return x", Outcome.FAILED, "double(3): double(3) is 6, not 3"),
        (
            "def double(x):\n    return x.twice()",
            Outcome.STUDENT_ERROR,
            "double(3) raised AttributeError: 'int' object has no attribute 'twice' (line 2: `return x.twice()`)",
        ),
        (
            "def half(x):\n    return x / 0\ndef double(x):\n    return half(x)",
            Outcome.STUDENT_ERROR,
            "double(3) raised ZeroDivisionError: division by zero (in `half`, line 2: `return x / 0`)",
        ),
        ("def double(x): exit(3)", Outcome.STUDENT_ERROR, "double(3) raised SystemExit: 3 (line 1: `def double(x): exit(3)`)"),
        ("def double(x): assert x > 5", Outcome.STUDENT_ERROR, "double(3) raised AssertionError (line 1: `def double(x): assert x > 5`)"),
        ("def double(x): raise NotImplementedError", Outcome.NOT_ATTEMPTED, "Not attempted yet: the stub still raises NotImplementedError."),
        (
            "def f(): raise NotImplementedError\ndef double(x): return f()",
            Outcome.NOT_ATTEMPTED,
            "It calls `f`, which still raises NotImplementedError.",
        ),
        (
            "def double(x): raise NotImplementedError('not for ints')",
            Outcome.STUDENT_ERROR,
            "double(3) raised NotImplementedError: not for ints (line 1: `def double(x): raise NotImplementedError('not for ints')`)",
        ),
        (
            "from codecs import IncrementalDecoder\ndef double(x): return IncrementalDecoder().decode(b'')",
            Outcome.STUDENT_ERROR,
            "double(3) raised NotImplementedError (line 2: `def double(x): return IncrementalDecoder().decode(b'')`)",
        ),
        (
            "def double(x): x + x",
            Outcome.FAILED,
            "Your function returns nothing (None): is a `return` missing?",
        ),
        ("", Outcome.NOT_ATTEMPTED, "There is no function `double` here yet: run the cell that defines it."),
        ("double = 7", Outcome.NOT_ATTEMPTED, "There is no function `double` here yet: run the cell that defines it."),
        ("def double(x):\n    while True: pass", Outcome.TIMEOUT, "double(3) took longer than 0.2 seconds."),
        (
            "def double(x):\n    while True:\n        try:\n            while True: pass\n        except Exception: pass",
            Outcome.TIMEOUT,
            "double(3) took longer than 0.2 seconds.",
        ),
    ],
)  # fmt: skip
def test_what_happened_is_said_in_words(source: str, outcome: Outcome, message: str) -> None:
    namespace = notebook(source)
    before = dict(namespace)
    seen = live.run(MANIFEST, TASKS[0], namespace, Limits(call_seconds=0.2))

    assert (seen.outcome, seen.message) == (outcome, message)
    assert namespace == before  # the test's own names stay out of the notebook


def test_an_answer_of_the_wrong_type_is_a_sentence_and_not_an_error_of_the_test() -> None:
    namespace = notebook(
        "class Odd:\n    def __eq__(self, other): return [][0]\n    __hash__ = None\ndef double(x): return Odd()"
    )
    wrong = live.run(MANIFEST, TASKS[0], namespace, LIMITS)
    missing = live.run(MANIFEST, TASKS[0], {"double": lambda x: x}, LIMITS)

    assert wrong.outcome is Outcome.STUDENT_ERROR
    assert "(in `__eq__`, line 2" in wrong.message
    assert missing.message == "The set-up cell at the top has not been run yet (name 'scale' is not defined)."


def test_an_assertion_without_words_shows_itself() -> None:
    seen = live.run(MANIFEST, TASKS[1], notebook("def twice_two(): return 5"), LIMITS)

    assert seen.message == "twice_two(): this does not hold: `assert twice_two() == 4`"


def test_what_a_student_wrote_is_escaped() -> None:
    evil = "<script>alert(1)</script>\x00"
    seen = live.run(MANIFEST, TASKS[0], notebook(f"def double(x): raise ValueError({evil!r})"), LIMITS)
    page = Table("doubling", (seen,))._repr_html_()

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x00" not in page
    assert "✗ stops" in page  # a sign and a word, no colour
    assert ONLY_VISIBLE in page


# ── which notebook, which tasks ───────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as it was published, with two assignments; the notebook lies in `doubling`."""
    for name, manifest in (
        ("doubling", MANIFEST),
        ("other", Manifest("other", "", "other.ipynb", (Task("o", "", "o", 1.0),), ())),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest_to_json(manifest)), encoding="utf-8")
    return tmp_path / "doubling"


@pytest.mark.parametrize(
    ("names", "checked"),
    [
        ([], ["double", "twice-two"]),
        (["doubling"], ["double", "twice-two"]),
        (["twice_two"], ["twice-two"]),
        (["twice-two", "double", "double"], ["twice-two", "double"]),
        (["2"], ["twice-two"]),
    ],
)
def test_one_some_or_all_tasks(folder: Path, names: list[str], checked: list[str]) -> None:
    table = magic.checked(notebook("def double(x): return 2 * x"), names, folder=folder)

    assert [row.task.id for row in table.rows] == checked


def test_what_has_been_checked_is_shown_when_the_student_stops_it(folder: Path) -> None:
    namespace = notebook("def double(x): return 2 * x\ndef twice_two(): raise KeyboardInterrupt")
    table = magic.checked(namespace, [], folder=folder)

    assert [row.task.id for row in table.rows] == ["double"]
    assert "You stopped the check" in repr(table)


def test_what_is_not_there_is_a_line_that_helps(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'dubble'.*Did you mean double"):
        magic.checked({}, ["dubble"], folder=folder)
    with pytest.raises(UsageError, match=r"There is no task 9 in doubling\.ipynb: it has 2\."):
        magic.checked({}, ["9"], folder=folder)
    with pytest.raises(UsageError, match=r"^No task of doubling\.ipynb has been run in this kernel yet"):
        magic.checked({}, [], folder=folder)
    (tmp_path / "else" / "where").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"manifest\.json"):
        magic.checked({}, [], folder=tmp_path / "else" / "where")


def test_no_test_of_a_folder_beside_the_notebooks_is_run(folder: Path, tmp_path: Path) -> None:
    """Somebody may have been given that folder; what it says of models is read all the same."""
    ran = tmp_path / "ran"
    cell = ReleasedCell("t", Role.TEST, "code", f"open({str(ran)!r}, 'w')", "o-test", "o")
    other = Manifest("other", "", "other.ipynb", (Task("o", "", "o", 1.0),), (cell,), models=("theirs",))
    (folder.parent / "other" / "manifest.json").write_text(json.dumps(manifest_to_json(other)), encoding="utf-8")

    with pytest.raises(UsageError):
        magic.checked({"o": len}, ["o"], folder=folder)
    for place in (folder.parent, folder.parent / "empty"):
        place.mkdir(exist_ok=True)
        with pytest.raises(UsageError, match=r"manifest\.json"):
            magic.checked({"o": len}, [], folder=place)
    assert not ran.exists()
    assert [manifest.models for manifest in around(folder)] == [(), ("theirs",)]


def test_without_a_manifest_beside_it_the_installed_checker_knows_the_release(folder: Path, tmp_path: Path) -> None:
    away, packaged = tmp_path / "colab" / "content", tmp_path / "package"
    away.mkdir(parents=True)
    packaged.mkdir()
    (folder / "manifest.json").rename(packaged / "doubling.json")
    (packaged / "broken.json").write_text("{")

    assert {name: place for name, (_, place) in known(away, packaged).items()} == {"doubling": None}


# ── what the kernel has run ───────────────────────────────────────────────────────────────────────

OLD = "def double(x):\n    return 2 * x"


def cell_run(source: str, namespace: dict[str, Any]) -> str:
    """Runs a cell as a kernel does, and returns its source."""
    file = f"<cell {len(linecache.cache)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), namespace)
    return source


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("def double(x)\n    return x", "has a syntax error"),
        ("1 / 0\ndef double(x):\n    return 3", "stopped before that line"),
        ('text = """\ndef double(x):\n    return 3\n"""', ""),
        ("def other(x):\n    return 3", ""),
    ],
)
def test_an_older_function_than_the_last_cell_defines_gets_no_tick(later: str, said: str) -> None:
    namespace: dict[str, Any] = {"scale": 3}
    seen = live.run(MANIFEST, TASKS[0], namespace, LIMITS, ran=Ran((cell_run(OLD, namespace), later)))
    again = live.run(MANIFEST, TASKS[0], namespace, LIMITS, ran=Ran((later, cell_run(OLD, namespace))))

    assert (said in seen.message, seen.outcome is Outcome.PASSED) == (True, not said)
    assert again.outcome is Outcome.PASSED  # it has been run since


@pytest.mark.parametrize(
    ("cells", "used"),
    [
        (["from math import prod", "def double(x):\n    return prod([2, x])"], "math.prod"),
        (["import math as m", "def double(x):\n    return m.prod([2, x])"], "math.prod"),
        (
            ["import math", "def twice(x):\n    return math.prod([2, x])", "def double(x):\n    return twice(x)"],
            "math.prod",
        ),
        (["import math", "def double(x):\n    return math.prod([2, x])", OLD], ""),
        (["double = __import__('math').prod", OLD], ""),
        ([OLD, "import math\nother = math.prod([2, 3])"], ""),
    ],
)
def test_a_forbidden_shortcut_is_said_at_once(cells: list[str], used: str) -> None:
    namespace: dict[str, Any] = {"scale": 3}
    ran = Ran(tuple(cell_run(cell, namespace) for cell in cells))
    told = Announced(("math.prod",), "Multiply it yourself.", ("large numbers", "-inf"))
    seen = live.run(MANIFEST, TASKS[0], namespace, LIMITS, announced=told, ran=ran)
    page = Table("doubling", (seen,))._repr_html_()

    if used:
        assert seen.outcome is Outcome.BANNED
        assert seen.message == f"It uses `{used}`, which this task forbids: 0 points. Multiply it yourself."
        assert "0 of 1 tasks pass" in page
    else:
        assert (seen.outcome, seen.message) == (Outcome.PASSED, "Also graded: large numbers, -inf")


# ── in a kernel ───────────────────────────────────────────────────────────────────────────────────


def test_in_a_real_kernel(folder: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    cells = [
        "%load_ext autograder",
        "scale = 3\ndef double(x):\n    return x.twice()",
        "%check double",
        "%%check\ndef double(x):\n    return 2 * x\nprint('ran')",
        "%check dubble",
        "%%check\ndef double(x)\n",
        "double(2)",
        "%check task 1",
        "%%check\nx = 1",
        "%%check\n%%time\ndef double(x):\n    return 2 * x",
    ]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(
        nb, allow_errors=True, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    outputs = [cell.outputs for cell in nb.cells]

    assert outputs[0] == outputs[1] == []
    (shown,) = outputs[2]
    assert "<table>" in shown.data["text/html"]
    assert "(line 3: `return x.twice()`)" in shown.data["text/plain"]
    assert "(line 3: <code>return x.twice()</code>)" in shown.data["text/html"]
    assert outputs[3][0].text == "ran\n"
    assert "✓ double" in outputs[3][1].data["text/plain"]
    assert "Did you mean double?" in outputs[4][0].text + outputs[4][0].get("evalue", "")
    assert "SyntaxError" in json.dumps(outputs[5])
    assert "pass their visible test" not in json.dumps(outputs[5])
    assert outputs[6][0].data["text/plain"] == "4"
    assert (
        "✗ double  stops     The last cell that defines `double` has a syntax error" in outputs[7][0].data["text/plain"]
    )
    assert [output.text.strip() for output in outputs[8]] == [RAN_ONLY]
    assert "✓ double" in outputs[9][-1].data["text/plain"]


def test_in_the_course_the_hidden_suite_judges_the_saved_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the kernel of source/counting/counting.ipynb, as JupyterLab opens it."""
    import nbformat
    from nbclient import NotebookClient

    course = small_course.make(tmp_path)
    path = courses.source_notebook(course, small_course.NAME)
    answer = "".join(small_course.cell(load_source(course, small_course.NAME), small_course.TASK)["source"])
    small_course.edit(
        path, lambda nb: small_course.cell(nb, small_course.TASK).update(source=answer.replace("text.lower()", "text"))
    )
    before = path.read_bytes()
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.setenv(hidden.SESSION, str(path))
    cells = ["%load_ext autograder", "%check count-vowels --hidden", "%check sums --hidden", "%%check --hidden\n1"]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(
        nb, allow_errors=True, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    _, shown, missing, cell = [cell.outputs for cell in nb.cells]

    assert "✗ count-vowels  fails     1.33/2\ncount_vowels(" in shown[0].data["text/plain"]
    assert "Hint: A capital A is a vowel too." in shown[0].data["text/plain"]
    assert "1.33 of 2 points by the hidden checks" in shown[0].data["text/html"]
    assert "visible tests only" not in shown[0].data["text/html"]
    assert "There is no task 'sums' in counting.ipynb. There is: count-vowels." in json.dumps(missing)
    assert "Write %check --hidden" in json.dumps(cell)
    assert path.read_bytes() == before


def test_a_student_has_no_hidden_checks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    monkeypatch.setenv(hidden.SESSION, str(folder / "doubling.ipynb"))
    with pytest.raises(UsageError, match=r"^There are no hidden checks here: leave out --hidden\.$"):
        hidden.judged([], folder)


def test_nothing_is_needed_but_ipython_and_what_the_notebook_imports(folder: Path) -> None:
    """Colab: installed without its requirements, beside packages of other versions."""
    lacking = (
        "hypothesis",
        "pytest",
        "landlock",
        "pyseccomp",
        "gguf",
        "shtab",
        "rich",
        "datasets",
        "nbgrader",
        "nbformat",
    )
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({lacking!r}))\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell(); shell.run_cell('%load_ext autograder'); shell.run_cell('scale = 3\\ndef double(x): return 6')\n"
        "shell.run_cell('%check double')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)

    assert "1 of 1 tasks pass" in done.stdout
    assert done.stderr == ""


def test_importing_the_package_costs_nothing_more_than_before() -> None:
    program = "import sys, autograder; print(*sorted(name for name in sys.modules if name.startswith(('autograder.', 'IPython'))))"

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("%load_ext autograder\n%check softmax\nx = 1", "pass\npass\nx = 1"),
        ("%%check\nx = 1", "pass\nx = 1"),
        ("if x:\n    %check\n", "if x:\n    pass\n"),
        ("%checks\n%load_ext autoreload\ny % check", "%checks\n%load_ext autoreload\ny % check"),
    ],
)
def test_a_graded_notebook_may_hold_them(source: str, runs: str) -> None:
    assert without_own_magics(source) == runs


def test_the_grader_runs_the_cell_below_them() -> None:
    shell = Shell()

    assert shell.run("%%check\nanswer = 42") == ([], None)
    assert shell.user_ns["answer"] == 42
