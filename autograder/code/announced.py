"""Whether an answer uses what its task announces to be forbidden, as far as the source alone tells: for those who have no suite."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.code.forbidden import banned_name, reached
from autograder.notebook.announced import Announced

_OF_PYTHON = frozenset(name for kind in (str, bytes, int, float, list, dict, set, tuple) for name in dir(kind))


def sentence(sources: Iterable[str], function: str, announced: Announced, functions: Iterable[str]) -> str:
    """What to say of an answer that uses what its task forbids, or "".  `functions` are those of all tasks: each answers for itself."""
    if not announced.forbidden:
        return ""
    sources, functions = tuple(sources), tuple(functions)
    name = banned_name(sources, function, announced.forbidden, functions)
    name = name or _method(sources, function, announced.forbidden, functions)
    return f"uses `{name}`, which this task forbids: 0 points. {announced.why}".rstrip() if name else ""


def _method(sources: tuple[str, ...], function: str, forbidden: tuple[str, ...], functions: tuple[str, ...]) -> str:
    """A forbidden method as the answer calls it: `logits.softmax`.  The judge sees which method runs; here only its name is seen, so
    names that Python's own types or classes of the notebook have do not count."""
    classes_and_methods = (name.split(".")[-2:] for name in forbidden if name.count(".") > 1)
    methods = {method for kind, method in classes_and_methods if kind[:1].isupper()} - _OF_PYTHON
    pieces = reached(sources, function)
    for other in set(functions) - {function}:
        pieces.pop(other, None)
    nodes = [leaf for found in pieces.values() for piece in found for leaf in piece.leaves]
    classes = (node for node in nodes if isinstance(node, ast.ClassDef))
    methods -= {part.name for one in classes for part in one.body if isinstance(part, ast.FunctionDef)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            return ast.unparse(node.func)[:80]
    return ""
