"""The text of notebooks: sources, their canonical form on disk, and the names that a source defines."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.notebook.magics import without_magics, writes_a_file

LONGEST_SHORT = 5000  # characters; of longer sources fewer are remembered
# For cells that Python cannot parse: an answer with a syntax error is still the answer.
_DEFINITION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_CLASS = re.compile(r"^class[ \t]+(\w+)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^(\w+)[ \t]*(?::[^=\n]{1,200})?=(?!=)", re.MULTILINE)
_IMPORT = re.compile(r"^(?:import|from)[ \t].{1,500}", re.MULTILINE)
# `%check`, `%hint` and what loads them: the checker inside a notebook.
# No \s: over many blank lines it would try every stretch of them.
_OWN_MAGIC = re.compile(r"^([ \t]*)%%?(?:check\b|hint\b|(?:re)?load_ext[ \t]+autograder\b).*$", re.MULTILINE)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without lone surrogates, which no file, and without NUL, which no database can hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def joined(value: object) -> str:
    """nbformat's multi-line string, a str or a list of str, as one str; "" for anything else."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return clean(value) if isinstance(value, str) else ""


def source_of(cell: dict[str, Any]) -> str:
    """The source of a notebook cell, of nbformat 4 (`source`) or 3 (`input`)."""
    return joined(cell.get("source", cell.get("input"))).replace("\r\n", "\n").replace("\r", "\n")


def without_own_magics(source: str) -> str:
    """`source` without the checker's own magics, which have nothing to do while the notebook is graded; what `%%check` stands above stays."""
    return _OWN_MAGIC.sub(r"\1pass", source) if "%" in source else source


def normal(source: str) -> str:
    """`source` without what an editor changes by itself: blanks at line ends, blank lines at both ends."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def canonical(nb: dict[str, Any]) -> str:
    """The one way in which a notebook is written: sources as lists of lines, sorted keys, one space of indent."""
    cells = [
        {**cell, "source": source_of(cell).splitlines(keepends=True)} if isinstance(cell, dict) else cell
        for cell in nb.get("cells", [])
    ]
    return json.dumps({**nb, "cells": cells}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


# ── what it is as Python ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Names:
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    assigned: tuple[str, ...]
    stubs: frozenset[str] = frozenset()
    only_stubs: bool = False


def tree(source: str, *, files: bool = False) -> ast.Module | None:
    """The syntax tree of what a notebook's kernel runs of `source`; None where Python cannot read it.

    A cell in another language, or one that writes a file, runs nothing: its tree is empty.  With `files`, a Python file that a cell writes
    is read like any other code."""
    if writes_a_file(source) and not files:
        return ast.Module([], [])
    return _parsed(source) or _parsed(without_magics(source))


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def functions(source: str) -> list[str]:
    """Names of the functions that `source` defines at its top level, in order.  A `def` inside a string or another function is none."""
    return list(_names(source).functions)


def assigned(source: str) -> list[str]:
    """Names that `source` assigns at its top level, in order."""
    return list(_names(source).assigned)


def provides(source: str) -> set[str]:
    """What later cells may need of `source`: its functions and classes by name, its imports by line."""
    names = _names(source)
    return {*names.functions, *names.classes, *(line.strip() for line in _IMPORT.findall(source))}


def is_stub(node: ast.FunctionDef) -> bool:
    """Whether a function does nothing but raise NotImplementedError, as the released ones do."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def unanswered(source: str, function: str) -> bool:
    """Whether the last definition of `function` in `source` is still the stub, whatever stands around it."""
    return function in _names(source).stubs


def is_only_stub(source: str) -> bool:
    """Whether `source` holds nothing but untouched stubs, and strings that do nothing."""
    return _names(source).only_stubs


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module that run in its own namespace: those inside `if`, `for`, `try` and `with` too, in order."""
    waiting = body[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        inner = [
            part for name in ("body", "handlers", "orelse", "finalbody", "cases") for part in getattr(node, name, ())
        ]
        for part in inner[::-1]:
            waiting += [part] if isinstance(part, ast.stmt) else part.body[::-1]


def _names(source: str) -> _Names:
    return _short(source) if len(source) <= LONGEST_SHORT else _long(source)


def _found(source: str) -> _Names:
    module = tree(source)
    if module is None:
        return _Names(
            tuple(_DEFINITION.findall(source)), tuple(_CLASS.findall(source)), tuple(_ASSIGNMENT.findall(source))
        )
    functions: list[str] = []
    classes: list[str] = []
    assigned: list[str] = []
    stubs: set[str] = set()
    for node in top_level(module.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.append(node.name)
            is_one = isinstance(node, ast.FunctionDef) and is_stub(node)
            (stubs.add if is_one else stubs.discard)(node.name)
        elif isinstance(node, ast.ClassDef):
            classes.append(node.name)
        elif isinstance(node, ast.Assign):
            assigned += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            assigned.append(node.target.id)
    idle = (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in module.body)
    stubbed = (isinstance(node, ast.FunctionDef) and is_stub(node) for node in module.body)
    only = bool(stubs) and all(map(any, zip(idle, stubbed, strict=True)))
    return _Names(tuple(functions), tuple(classes), tuple(assigned), frozenset(stubs), only)


_short = lru_cache(maxsize=512)(_found)
_long = lru_cache(maxsize=80)(_found)  # as many as fit into one notebook
