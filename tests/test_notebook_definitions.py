"""Which functions a cell defines: by its syntax tree, and by pattern only where Python cannot read it."""

from __future__ import annotations

import pytest

from autograder.notebook.text import assigned, functions, is_only_stub, provides, tree, unanswered

STUB = 'def f(x):\n    """What it does."""\n    # YOUR CODE HERE\n    raise NotImplementedError'


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): pass\nasync def g(): pass", ["f", "g"]),
        ("'''\ndef f(): pass\n'''\ndef g(): pass", ["g"]),
        ('text = """\ndef f(): pass\n"""', []),
        ("# def f(): pass", []),
        ("def f():\n    def g(): pass", ["f"]),
        ("class A:\n    def f(self): pass", []),
        ("if True:\n    def f(): pass\nelse:\n    def g(): pass", ["f", "g"]),
        ("try:\n    import x\nexcept ImportError:\n    def f(): pass", ["f"]),
        ("with open('x') as y:\n    def f(): pass", ["f"]),
        ("%matplotlib inline\ndef f(): pass", ["f"]),
        ("%%time\ndef f(): pass", ["f"]),
        ("%%writefile u.py\ndef f(): pass", []),
        ("%%bash\ndef f() {}", []),
        ("x?\ndef f(): pass", ["f"]),
        ("files = !ls\ndef f(): pass", ["f"]),
        ("!pip install \\\n  torch\ndef f(): pass", ["f"]),
        ("def f(x:\n    return", ["f"]),
        ("def f(x)\n    return '''", ["f"]),
    ],
)
def test_the_functions_of_a_cell(source: str, names: list[str]) -> None:
    assert functions(source) == names


def test_what_else_a_cell_gives() -> None:
    source = "import math\nclass A: pass\nx = y = 1\nz: int = 2\nw: int\n'''\nv = 3\n'''"
    assert assigned(source) == ["x", "y", "z"]
    assert provides(source) == {"A", "import math"}


@pytest.mark.parametrize(
    ("source", "is_stub", "alone"),
    [
        (STUB, True, True),
        (f"'''\ndef f(x):\n    return 1\n'''\n{STUB}", True, True),
        (f"import math\n{STUB}", True, False),
        ("def f(x):\n    raise NotImplementedError('later')", True, True),
        (f"{STUB}\ndef f(x):\n    return 1", False, False),
        (f"def f(x):\n    return 1\n{STUB}", True, False),
        ("def f(x):\n    x += 1\n    raise NotImplementedError", False, False),
        ("def f(x):\n    raise ValueError", False, False),
        ("def f(x:", False, False),
    ],
)
def test_a_stub_is_one_whatever_stands_around_it(source: str, is_stub: bool, alone: bool) -> None:
    assert (unanswered(source, "f"), is_only_stub(source)) == (is_stub, alone)


def test_a_module_that_a_cell_writes_is_read_where_it_is_asked_for() -> None:
    source = "%%writefile u.py\ndef f(): pass"
    plain, written = tree(source), tree(source, files=True)
    assert plain is not None
    assert written is not None
    assert plain.body == []
    assert any(getattr(node, "name", "") == "f" for node in written.body)
