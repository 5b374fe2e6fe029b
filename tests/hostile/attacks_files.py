"""Attacks through the file that is handed in, and through what gets shown of it."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

from hostile_scene import RIGHT, SHORT, Attack, Notebook, code, marked

from autograder.model import Status

ALL = ("softmax", "total", "peak", "ask")
NOT = Status.NOT_GRADABLE


STRANGE: tuple[Any, ...] = ([], None, 7, "x", {"nbgrader": 7}, {"nbgrader": {"grade_id": {"a": 1}}}, {"tags": 7})


def each(**metadata: Any) -> Any:
    def edit(nb: Notebook) -> Notebook:
        for cell in nb["cells"]:
            cell["metadata"].update(metadata)
        return nb

    return edit


def tests(change: Any) -> Any:
    """Applies `change(cell)` to the test cells."""

    def edit(nb: Notebook) -> Notebook:
        for cell in nb["cells"]:
            if cell["metadata"]["nbgrader"]["grade_id"].endswith("-test"):
                change(cell)
        return nb

    return edit


def cells(change: Any) -> Any:
    def edit(nb: Notebook) -> Notebook:
        nb["cells"] = change(nb["cells"])
        return nb

    return edit


def points(nb: Notebook) -> Notebook:
    for cell in nb["cells"]:
        cell["metadata"]["nbgrader"].update(points=1000, grade=True, solution=False, score=1000)
    return nb


def bare(nb: Notebook) -> Notebook:
    for cell in nb["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    return nb


def old(nb: Notebook) -> Notebook:
    made = [
        {
            "cell_type": "code",
            "language": "python",
            "input": c["source"],
            "outputs": [],
            "metadata": c["metadata"],
            "prompt_number": 1,
        }
        for c in nb["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": made}]}


def split(nb: Notebook) -> Notebook:
    """The sum's answer in two cells, both with its marks."""
    at = next(i for i, c in enumerate(nb["cells"]) if c["metadata"]["nbgrader"]["grade_id"] == "total")
    twin = dict(nb["cells"][at], source="scale = 1.0")
    nb["cells"].insert(at, twin)
    return nb


def doubled(nb: Notebook) -> Notebook:
    nb["cells"] = [cell for cell in nb["cells"] for _ in range(2)]
    return nb


def word(nb: Notebook) -> bytes:  # noqa: ARG001 - an edit gets the notebook
    import io

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return held.getvalue()


def bomb(nb: Notebook) -> bytes:  # noqa: ARG001
    import io

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../lab.ipynb", bytes(50 << 20))
    return held.getvalue()


def giant_outputs(nb: Notebook) -> Notebook:
    nb["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}] * 2
    return nb


def fifo(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    path.mkdir()


def empty(path: Path) -> None:
    path.touch()


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def turned(cell: Notebook) -> None:
    cell["cell_type"] = "markdown"
    cell.pop("outputs")
    cell.pop("execution_count")


GRADED = (
    Attack("skip-execution on every cell", edit=each(tags=["skip-execution", "raises-exception"])),
    Attack("skip-execution on the tests", edit=tests(lambda c: c["metadata"].update(tags=["skip-execution"]))),
    Attack("tests turned into text", edit=tests(turned)),
    Attack("tests that pass", edit=tests(lambda c: c.update(source="assert True"))),
    Attack("tests without marks", edit=tests(lambda c: c["metadata"].clear())),
    Attack("tests deleted", edit=cells(lambda found: [c for c in found if not c["metadata"]["nbgrader"]["grade_id"].endswith("-test")])),
    Attack("points and scores in the marks", edit=points),
    Attack("saved outputs that say passed", edit=tests(lambda c: c.update(outputs=[{"output_type": "stream", "name": "stdout", "text": "all passed, 1000 points"}]))),
    Attack("the set-up is hostile", edit=cells(lambda found: [dict(found[0], source="import torch\ntorch.allclose = lambda *a, **k: True"), *found[1:]])),
    Attack("the set-up comes last", base="right", keeps=ALL, edit=cells(lambda found: [*found[1:], found[0]])),
    Attack("all marks lost", base="right", keeps=ALL, edit=bare),
    Attack("nbformat 3", base="right", keeps=ALL, edit=old),
    Attack("cells in the other order", base="right", keeps=ALL, edit=cells(lambda found: found[::-1])),
    Attack("every cell twice", base="right", keeps=ALL, edit=doubled),
    Attack("an answer in two cells", base="right", keeps=ALL, edit=split),
    Attack("ids that are all the same", base="right", keeps=ALL, edit=cells(lambda found: [dict(c, id="same") for c in found])),
    Attack("ids that are not text", base="right", keeps=ALL, edit=cells(lambda found: [dict(c, id={"a": [i]}) for i, c in enumerate(found)])),
    Attack("metadata of strange types", edit=cells(lambda found: [dict(c, metadata=m) for c, m in zip(found, STRANGE, strict=True)])),
    Attack("huge metadata", base="right", keeps=ALL, edit=each(vscode={"x": "y" * 400_000})),
    Attack("giant saved outputs", base="right", keeps=ALL, edit=giant_outputs),
    Attack("a thousand empty cells", base="right", keeps=ALL, edit=cells(lambda found: [*found, *(code("") for _ in range(1000))])),
    Attack("a cell of blank lines", base="right", keeps=ALL, late="\n" * 300_000 + "1", seconds=30),
    Attack("a cell of nothing but percent signs", base="right", keeps=ALL, late="%\n" * 50_000, limits=SHORT),
    Attack("an expression that is very deep", base="right", keeps=ALL, late="def f():\n    return " + "+".join(["1"] * 2500)),
    Attack("an answer that is very deep", base="right", answers={"total": "return 0.0 + " + "+".join(["1"] * 1500)}, keeps=("softmax", "peak", "ask")),
    Attack("an attribute that is very deep", base="right", answers={"total": "return torch" + ".a" * 1500}, keeps=("softmax", "peak", "ask")),
    Attack("a call that is very deep", base="right", answers={"total": "return " + "torch.abs(" * 80 + "x" + ")" * 80}, keeps=("softmax", "peak", "ask")),
    Attack("a function that Python refuses", base="right", cell="def helper(a, a): pass", answers={"total": "return helper(1, 2)"}, keeps=("softmax", "peak", "ask"), loses=("total",)),
    Attack("code with NUL and surrogates", base="right", keeps=ALL, late="x = '\x00\ud800'"),
    Attack("a function under another name", answers={"softmax": RIGHT["softmax"].replace("softmax", "other")}, edit=lambda nb: json.loads(json.dumps(nb).replace("def softmax(x)", "def sоftmax(x)"))),  # noqa: RUF001 - a Cyrillic letter
    Attack("not a number in the file", base="right", keeps=ALL, edit=lambda nb: json.dumps(nb).replace('"nbformat_minor": 5', '"nbformat_minor": NaN, "x": Infinity')),
    Attack("keys given twice", edit=lambda nb: json.dumps(nb).replace('"nbformat": 4', '"nbformat": 4, "cells": [], "nbformat": 4, "metadata": {}') if nb else "", status=NOT),
    Attack("a mark at the beginning", base="right", keeps=ALL, edit=lambda nb: b"\xef\xbb\xbf" + json.dumps(nb).encode()),
    Attack("another encoding", base="right", keeps=ALL, edit=lambda nb: json.dumps(nb).encode("utf-16")),
    Attack("banned, plainly", answers={"softmax": "return torch.softmax(x, -1)"}),
    Attack("banned, by a string", answers={"softmax": "return getattr(torch, 'soft' + 'max')(x, -1)"}),
    Attack("banned, through the operator", answers={"softmax": "return torch.ops.aten._softmax(x, -1, False)"}),
    Attack("banned, by eval", answers={"softmax": "return eval('torch.s' + 'oftmax(x, -1)')"}),
    Attack("banned, through attention", answers={"softmax": "d = x.shape[-1]\n    q = x.reshape(-1, 1, d).float()\n    k = torch.eye(d).expand(q.shape[0], d, d)\n    return torch.nn.functional.scaled_dot_product_attention(q, k, k, scale=1.0).reshape(x.shape).to(x.dtype)"}),
    Attack("banned, through a distribution", answers={"softmax": "return torch.distributions.Categorical(logits=x).probs"}),
    Attack("banned, compiled", "import torch\nscripted = torch.jit.trace(lambda x: getattr(torch, 'soft' + 'max')(x, -1), torch.ones(2))", answers={"softmax": "return scripted(x)"}),
    Attack("banned, with the modes off", answers={"softmax": "from torch.utils import _python_dispatch as p\n    with p._disable_current_modes():\n        return getattr(torch, 'soft' + 'max')(x, -1)"}, flag="watch over operators"),
    Attack("banned, with another watch", "import autograder.worker.watch as w\nw.Watch.__exit__ = lambda s, *a: s._mode.__exit__(*a)\nw._Recorder.__torch_dispatch__ = lambda s, f, t, a=(), k=None: f(*a, **(k or {}))", answers={"softmax": "return getattr(torch, 'soft' + 'max')(x, -1)"}, flag="grader's own package"),
    Attack("banned, in a thread", answers={"softmax": "import torch.nn.functional\n    from threading import Thread\n    got = []\n    t = Thread(target=lambda: got.append(getattr(torch, 'soft' + 'max')(x, -1)))\n    t.start()\n    t.join()\n    return got[0]"}, flag="outlives a cell"),
    Attack("banned, in a pool", "from concurrent.futures import ThreadPoolExecutor", answers={"softmax": "with ThreadPoolExecutor(1) as pool:\n        return pool.submit(getattr(torch, 'soft' + 'max'), x, -1).result()"}),
)  # fmt: skip

REFUSED = (
    Attack("nothing", place=empty, status=NOT),
    Attack("a FIFO", place=fifo, status=NOT, seconds=5),
    Attack("a link", place=link, status=NOT),
    Attack("a device", place=device, status=NOT),
    Attack("a link to itself", place=loop, status=NOT),
    Attack("a folder", place=folder, status=NOT),
    Attack("a terabyte of nothing", place=sparse, status=NOT),
    Attack("no file at all", place=lambda _: None, status=NOT),
    Attack("a Word document", edit=word, status=NOT),
    Attack("a zip bomb", edit=bomb, status=NOT),
    Attack("half a notebook", edit=lambda nb: json.dumps(nb)[: len(json.dumps(nb)) // 2], status=NOT),
    Attack("deep JSON", edit=lambda _: '{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}", status=NOT),
    Attack("a million brackets", edit=lambda _: '{"cells": [' + "[]," * 1_200_000 + "[]]}", status=NOT),
    Attack("a number without an end", edit=lambda _: '{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}", status=NOT, seconds=10),
    Attack("ten thousand cells", edit=cells(lambda found: [*found, *(code("1") for _ in range(10_000))]), status=NOT),
    Attack("megabytes of code", edit=cells(lambda found: [*found, code("a\n" * 2_000_000)]), status=NOT),
    Attack("no cells", edit=cells(lambda _: []), status=NOT),
    Attack("another assignment", edit=lambda _: json.dumps({"nbformat": 4, "cells": [marked("x = 1", "other", points=5)]}), status=NOT),
    Attack("a page", edit=lambda _: "<html><script>alert(1)</script></html>", status=NOT),
    Attack("a pickle", edit=lambda _: b"\x80\x04cos\nsystem\n(S'touch /tmp/x'\ntR.", status=NOT),
    Attack("bytes", edit=lambda _: bytes(range(256)) * 100, status=NOT),
    Attack("a list", edit=lambda _: "[1, 2, 3]", status=NOT),
)  # fmt: skip

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><svg onload=alert(1)><iframe src=//x.test></iframe>"
PAGES = (
    Attack("script in an exception", answers=dict.fromkeys(ALL, f"raise ValueError({SCRIPT!r})")),
    Attack("script in what is printed", f"print({SCRIPT!r})"),
    Attack("script in HTML output", f"from IPython.display import HTML\nHTML({SCRIPT!r})"),
    Attack("script in JavaScript output", "from IPython.display import Javascript\nJavascript(\"document.title='owned'\")"),
    Attack("script in SVG output", f"from IPython.display import SVG, display\ndisplay({{'image/svg+xml': {SCRIPT!r}}}, raw=True)"),
    Attack("script in a mime type", f"from IPython.display import display\ndisplay({{{SCRIPT!r}: 'x', 'text/plain': {SCRIPT!r}}}, raw=True)"),
    Attack("script in Markdown", edit=cells(lambda found: [*found, {"cell_type": "markdown", "metadata": {}, "source": SCRIPT + "\n[x](javascript:alert(1)) ![x](http://x.test/p.png)"}])),
    Attack("script in the code", f"# {SCRIPT}\n'''</pre>{SCRIPT}'''"),
    Attack("script in the answer's value", answers={"ask": f"return [{SCRIPT!r}]", "total": f"return {SCRIPT!r}"}),
    Attack("script in a type's name", answers={"softmax": f"return type({SCRIPT!r}, (), {{}})()"}),
    Attack("script in an exception's name", f"raise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})"),
    Attack("a picture that is none", "from IPython.display import display\ndisplay({'image/png': 'PHN2Zz4=', 'text/plain': 'x'}, raw=True)\ndisplay({'image/png': '\"><script>alert(1)</script>'}, raw=True)"),
    Attack("colours and control characters", "print('\\x1b[2J\\x1b]0;owned\\x07\\x00\\x08' * 100)"),
    Attack("a spreadsheet's formula", answers=dict.fromkeys(ALL, "raise ValueError('=cmd|calc')")),
)  # fmt: skip

POISON = (
    Attack("an answer spoils the library", base="right", answers={"softmax": "torch.Tensor.double = lambda s: s * 0\n    torch.Tensor.item = lambda s: 7.0\n    return x * 0"}, keeps=("total", "peak", "ask"), loses=("softmax",)),
    Attack("an answer spoils the others", base="right", answers={"softmax": "global total, ask\n    total = ask = lambda *a: None\n    return x * 0"}, keeps=("total", "peak", "ask"), loses=("softmax",)),
    Attack("an answer spoils builtins", base="right", answers={"softmax": "import builtins\n    builtins.ValueError = KeyError\n    torch.Tensor.numel = lambda s: 1\n    return x * 0"}, keeps=("total", "peak", "ask"), loses=("softmax",)),
    Attack("an answer changes the default dtype and gradients", base="right", answers={"softmax": "torch.set_default_dtype(torch.float64)\n    torch.set_grad_enabled(False)\n    torch.manual_seed(1)\n    return x * 0"}, keeps=("total", "peak", "ask"), loses=("softmax",)),
    Attack("a cell spoils its own notebook only", "import torch\ntorch.exp = torch.sum = torch.Tensor.sum = None"),
)  # fmt: skip
