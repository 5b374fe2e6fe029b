"""What the names in a piece of code stand for, as far as the text tells: `F.softmax` is `torch.nn.functional.softmax`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

MAX_PARTS = 30
"""Of a dotted name that is worth following."""


def imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Each name that the imports among `nodes` bind, and what it stands for; for a star import ("*", the module)."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if alias.name == "*":
                    yield "*", node.module
                else:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def dotted(node: ast.AST | None, known: Mapping[str, str], parts: int = MAX_PARTS) -> str:
    """The full name of what `node` stands for, given the imports that are `known`; empty where that cannot be told.

    The ways around a plain attribute are followed too: getattr, vars, `__dict__`, sys.modules and imports by function."""
    if parts <= 0:
        return ""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.NamedExpr):
        return dotted(node.value, known, parts - 1)
    if isinstance(node, ast.Attribute):
        return _joined(dotted(node.value, known, parts - 1), node.attr)
    if isinstance(node, ast.Subscript):
        owner = _table(node.value, known, parts - 1)
        return _joined(owner, text(node.slice)) if owner else _module(node.value, node.slice, known, parts - 1)
    if isinstance(node, ast.Call) and node.args:
        called = node.func.id if isinstance(node.func, ast.Name) else dotted(node.func, known, parts - 1)
        if called == "getattr" and len(node.args) > 1:
            return _joined(dotted(node.args[0], known, parts - 1), text(node.args[1]))
        if called == "__import__":
            return text(node.args[0]).partition(".")[0]
        if called == "importlib.import_module" or known.get(called) == "importlib.import_module":
            return text(node.args[0])
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "__getitem__"}:
            return _module(node.func.value, node.args[0], known, parts - 1)
    return ""


def text(node: ast.AST | None) -> str:
    """The string that `node` is, put together where it is a sum of strings; empty where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    pieces: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and len(pieces) < MAX_PARTS:
        if not (isinstance(node.right, ast.Constant) and isinstance(node.right.value, str)):
            return ""
        pieces.append(node.right.value)
        node = node.left
    if not pieces or not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return ""
    return "".join([node.value, *reversed(pieces)])


def _joined(owner: str, name: str) -> str:
    return f"{owner}.{name}" if owner and name else ""


def _table(node: ast.AST, known: Mapping[str, str], parts: int) -> str:
    """What the names belong to that `vars(x)` or `x.__dict__` holds."""
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        return dotted(node.value, known, parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "vars" and node.args:
        return dotted(node.args[0], known, parts)
    return ""


def _module(table: ast.AST, key: ast.AST, known: Mapping[str, str], parts: int) -> str:
    """The module that `sys.modules[key]` is."""
    return text(key) if dotted(table, known, parts) == "sys.modules" else ""
