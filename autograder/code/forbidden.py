"""Finds forbidden library functions: in the source of an answer and all of the student's own code that it reaches, and among the
operators that ran."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.code import parsed
from autograder.code.parsed import Code

_OPERATORS = {
    "softmax": re.compile(r"(?<!log_)softmax|attention|transformer_encoder"),
    "log_softmax": re.compile(r"log_softmax"),
    "logsumexp": re.compile(r"logsumexp"),
    "nll_loss": re.compile(r"(?<!poisson_)(?<!gaussian_)nll_loss"),
    "cross_entropy": re.compile(r"(?<!binary_)cross_entropy|(?<!poisson_)(?<!gaussian_)nll_loss"),
}
"""The last part of a forbidden torch name → what the operators that do its work are called: the functional and the module forms end in
them alike, and so do masked, sparse, nested and fused ones.  Attention has a softmax inside, in one piece with the rest where it is fused."""
MAX_PARTS = 30
"""Of a dotted name that is worth following."""
_BLINDFOLDS = ("torch.utils._python_dispatch.*", "torch._C.*")
"""What can take off the watch over torch's operators."""
_FRESH_COPIES = ("importlib.reload", "imp.reload")
"""What makes functions anew that nobody watches."""
_ALIASES = {
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "NLLLoss": "nll_loss",
    "CrossEntropyLoss": "cross_entropy",
}


def banned_operator(used: Any, forbidden: tuple[str, ...]) -> str:
    """The forbidden name behind one of the operators and functions that ran, or an empty string."""
    if not forbidden or not isinstance(used, list):
        return ""
    functions = _functions_of(forbidden)
    for name in map(str, used):
        if name.startswith("aten."):
            found = next((function for function in functions if _OPERATORS[function].search(name)), "")
            if found:
                return f"torch.{found}"
        elif any(_matches(name, pattern) for pattern in forbidden):
            return name
    return ""


@functools.lru_cache
def _functions_of(forbidden: tuple[str, ...]) -> tuple[str, ...]:
    """The functions among torch's forbidden ones whose operators are known."""
    last = (name.rpartition(".")[2] for name in forbidden if name.startswith("torch"))
    return tuple(dict.fromkeys(name for name in (_ALIASES.get(one, one) for one in last) if name in _OPERATORS))


def banned_name(sources: Iterable[str], function: str, forbidden: tuple[str, ...], other_tasks: Iterable[str]) -> str:
    """The forbidden dotted name that `function`, or code of the student's that it reaches, uses; empty if none.

    Functions of other tasks are not looked into: their task answers for them."""
    program = _program(tuple(sources))
    if any(name.startswith("torch.") for name in forbidden):
        forbidden = (*forbidden, *_BLINDFOLDS)
    if forbidden:
        forbidden = (*forbidden, *_FRESH_COPIES)
    stop = set(other_tasks) - {function}
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in seen or name in stop:
            continue
        seen.add(name)
        for piece in program.definitions.get(name, ()):
            imports = program.imports | dict(_imports(piece.leaves))
            for dotted in _dotted_names(piece, imports):
                if any(_matches(dotted, pattern) for pattern in forbidden):
                    return dotted
            waiting += sorted(piece.global_names)
    return ""


def called_tasks(sources: Iterable[str], function: str, tasks: Iterable[str]) -> tuple[str, ...]:
    """The functions among `tasks` that `function` refers to, directly or through the student's helpers or other tasks."""
    return tuple(sorted(reached(sources, function).keys() & (set(tasks) - {function})))


def reached(sources: Iterable[str], function: str) -> dict[str, list[Code]]:
    """Every name of the notebook's top level that `function` uses, itself included, directly or through others, with the statements that
    bind it."""
    program = _program(tuple(sources))
    found: dict[str, list[Code]] = {}
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = program.definitions.get(name, [])
        for piece in found[name]:
            waiting += sorted(piece.global_names)
    return found


def _matches(dotted: str, pattern: str) -> bool:
    return dotted.startswith(pattern[:-1]) if pattern.endswith(".*") else dotted == pattern


@functools.lru_cache(maxsize=2)  # every task of a submission asks
def _program(sources: tuple[str, ...]) -> _Program:
    return _Program(sources)


class _Program:
    """The top level of a notebook: what each name is bound to, and what each import stands for."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.definitions: dict[str, list[Code]] = {}
        self.imports: dict[str, str] = {}
        for source in sources:
            pieces = parsed.code(source) or ()
            self.imports |= dict(_imports(piece.node for piece in pieces))
            for piece in pieces:
                for name in _bound(piece):
                    if isinstance(piece.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                        self.definitions[name] = [piece]
                    else:
                        self.definitions.setdefault(name, []).append(piece)


def _bound(piece: Code) -> Iterator[str]:
    node = piece.node
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif not isinstance(node, (ast.Import, ast.ImportFrom)):
        for leaf in piece.leaves:
            if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store):
                yield leaf.id
            elif isinstance(leaf, (ast.FunctionDef, ast.ClassDef)):
                yield leaf.name


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted_names(piece: Code, imports: dict[str, str]) -> Iterator[str]:
    """Every name in `piece` that can be traced to an import, in full: F.softmax → torch.nn.functional.softmax."""
    for leaf in piece.leaves:
        if isinstance(leaf, (ast.Attribute, ast.Name, ast.Call)):
            dotted = _resolve(leaf, imports)
            if dotted:
                yield dotted
        elif isinstance(leaf, ast.ImportFrom) and leaf.module:
            yield from (f"{leaf.module}.{alias.name}" for alias in leaf.names)


def _resolve(node: ast.AST, imports: dict[str, str]) -> str:
    parts: list[str] = []
    while len(parts) < MAX_PARTS:
        if isinstance(node, ast.Name):
            base = imports.get(node.id, "")
            return ".".join([base, *reversed(parts)]) if base else ""
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
            continue
        by_name = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"
        if not (by_name and isinstance(node, ast.Call) and len(node.args) >= 2):
            return ""
        name = node.args[1]
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
            return ""
        parts.append(name.value)
        node = node.args[0]
    return ""
