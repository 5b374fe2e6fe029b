"""Keeps what the cells of the answers define, for when a later cell rebinds or deletes it.

In Jupyter an answer is tried right below its cell.  Here all cells run first, and only then is anything called: a later
`softmax = softmax(x)`, `%reset -f` or `from torch import *` must not take away what the student has answered.  A later `def` counts, as
in Python."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from autograder.notebook.text import is_stub

_HOOK = "__defined__"
_MISSING = object()


class Taken:
    """The functions of the tasks as a notebook's cells define them, and the names that they `use` (by function) as they were right after the
    function's cell.

    `answers` says which cell answers which function: there any way to bind it counts, elsewhere only `def` and `class`."""

    def __init__(self, shell: Any, use: Mapping[str, Iterable[str]], answers: Mapping[int, str]) -> None:
        self._space: dict[str, Any] = shell.user_ns
        self._use = {function: set(names) - use.keys() for function, names in use.items()}
        self._answers = answers
        self._kept: dict[str, Any] = {}
        self._stubs: set[str] = set()
        self._settled: set[str] = set()
        self._before: Any = _MISSING
        self._lost: dict[str, int] = {}
        if use:
            setattr(builtins, _HOOK, self._defined)  # where no %reset finds it
            shell.ast_transformers.append(_AfterDefinitions(set(use)))

    def begin(self, cell: int) -> None:
        """The cell with this number is about to run."""
        self._before = self._space.get(self._answers.get(cell, ""), _MISSING)

    def end(self, cell: int) -> None:
        """The cell with this number has run."""
        answered = self._answers.get(cell, "")
        value = self._now(answered)
        if callable(value) and value is not self._before:
            self._keep(answered, value, stub=value is self._kept.get(answered) and answered in self._stubs)
        for function, names in self._use.items():
            for name in names if function == answered else names - self._kept.keys():
                if (value := self._now(name)) is not _MISSING:
                    self._kept[name] = value
                    self._settled |= {name} if function == answered else set()
        for name, kept in self._kept.items():
            if self._has_lost(name, kept):
                self._lost.setdefault(name, cell)
            else:
                self._lost.pop(name, None)

    def _now(self, name: str) -> Any:
        return self._space.get(name, getattr(builtins, name, _MISSING) if name else _MISSING)

    def put_back(self) -> dict[str, int]:
        """Binds again what later cells have taken away: name → the number of the cell that did it."""
        for name in self._lost:
            self._space[name] = self._kept[name]
        return dict(self._lost)

    def _has_lost(self, name: str, kept: Any) -> bool:
        value = self._now(name)
        if name in self._use:
            return value is not kept
        if value is _MISSING:
            return True
        return name in self._settled and _is_code(kept) and not _is_code(value)

    def _defined(self, name: str, stub: bool) -> None:
        """A `def` or `class` of the notebook's top level has just run."""
        if not stub or name not in self._kept or name in self._stubs:
            self._keep(name, self._space.get(name), stub=stub)

    def _keep(self, name: str, value: Any, *, stub: bool) -> None:
        self._kept[name] = value
        (self._stubs.add if stub else self._stubs.discard)(name)


class _AfterDefinitions(ast.NodeTransformer):
    """Has each definition of one of the `functions` at the top level of a cell reported when it has run."""

    def __init__(self, functions: set[str]) -> None:
        self._functions = functions

    def _reported(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Any:
        if node.name not in self._functions:
            return node
        stub = isinstance(node, ast.FunctionDef) and is_stub(node)
        arguments: list[ast.expr] = [ast.Constant(node.name), ast.Constant(stub)]
        call = ast.Expr(ast.Call(ast.Name(_HOOK, ast.Load()), arguments, []))
        return [node, ast.fix_missing_locations(ast.copy_location(call, node))]

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _reported  # noqa: N815 - ast's names


def _is_code(value: Any) -> bool:
    return callable(value) or isinstance(value, ModuleType)
