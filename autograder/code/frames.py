"""Whether code reaches the variables of frames above its own.

A logger that looks up who called it is ordinary, and so is a helper that reads a variable of its caller.  One step further up than the
code's own functions stands the grader."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.code.names import MAX_PARTS, dotted, text
from autograder.code.parsed import Code

MANY = 99
_VARIABLES = {"f_locals", "f_globals", "f_builtins"}
_LOOPS = (ast.While, ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WHOLE_STACK = {"inspect.getouterframes", "traceback.walk_stack", "inspect.stack"}
_ORDINARY_SPECIAL = {"__init__", "__call__", "__enter__", "__exit__"}


@dataclass(frozen=True, slots=True)
class Use:
    """`variables` is the name with which the variables of a frame are read or written, `steps` how many frames up the code goes at most.
    `special` is whether that happens in a method that Python itself calls (such as `__del__`): the frame above may then be anybody's."""

    variables: str = ""
    steps: int = 0
    special: bool = False


def use(piece: Code, known: Mapping[str, str]) -> Use:
    """What `piece` does with frames, given the imports that are `known`."""
    climb = _Climb(piece, known)
    return Use(_variables(piece, known), climb.steps(), climb.in_special_method())


def _variables(piece: Code, known: Mapping[str, str]) -> str:
    for leaf in piece.leaves:
        word = leaf.attr if isinstance(leaf, ast.Attribute) else text(leaf)
        if word in _VARIABLES:
            return word
        if isinstance(leaf, ast.Call) and dotted(leaf.func, known) == "inspect.getargvalues":
            return "inspect.getargvalues"
    return ""


class _Climb:
    """How many frames up one piece of code goes."""

    def __init__(self, piece: Code, known: Mapping[str, str]) -> None:
        self._piece, self._known = piece, known
        indexed = (leaf for leaf in piece.leaves if isinstance(leaf, ast.Subscript))
        self._indexed = {id(leaf.value): leaf.slice for leaf in indexed}
        self._climbing = [leaf for leaf in piece.leaves if self._of(leaf)]

    def steps(self) -> int:
        if not self._climbing:
            return 0
        node = self._piece.node
        if isinstance(node, ast.FunctionDef) and node.name in self._piece.global_names:  # it may call itself
            return MANY
        climbing = {id(leaf) for leaf in self._climbing}
        loops = (leaf for leaf in self._piece.leaves if isinstance(leaf, _LOOPS))
        if any(id(inner) in climbing for loop in loops for inner in ast.walk(loop)):
            return MANY
        heights: dict[str, int] = {}
        for leaf in sorted(self._piece.leaves, key=lambda leaf: getattr(leaf, "lineno", 0)):
            if isinstance(leaf, ast.Assign):
                height = self._height(leaf.value, heights)
                heights |= {target.id: height for target in leaf.targets if isinstance(target, ast.Name)}
        found = (self._height(leaf, heights) for leaf in self._piece.leaves if isinstance(leaf, ast.expr))
        return max([*heights.values(), *found])

    def in_special_method(self) -> bool:
        climbing = {id(leaf) for leaf in self._climbing}
        methods = (leaf for leaf in self._piece.leaves if isinstance(leaf, ast.FunctionDef))
        special = (one for one in methods if one.name.startswith("__") and one.name not in _ORDINARY_SPECIAL)
        return any(id(inner) in climbing for one in special for inner in ast.walk(one))

    def _height(self, node: ast.AST, heights: Mapping[str, int]) -> int:
        """How many frames up an expression such as `inspect.currentframe().f_back.f_back` leads."""
        total = 0
        for _ in range(MAX_PARTS):
            total += self._of(node)
            if isinstance(node, (ast.Attribute, ast.Subscript, ast.NamedExpr)):
                node = node.value
            elif isinstance(node, ast.Call):
                node = node.args[0] if _is_getattr(node) else node.func
            else:
                break
        return total + (heights.get(node.id, 0) if isinstance(node, ast.Name) else 0)

    def _of(self, node: ast.AST) -> int:
        """How many frames up this one node leads."""
        if isinstance(node, ast.Attribute):
            return int(node.attr == "f_back")
        if not isinstance(node, ast.Call):
            return 0
        if _is_getattr(node):
            return int(text(node.args[1]) == "f_back")
        called = dotted(node.func, self._known)
        if called == "sys._getframe":
            return _number(node.args[0]) if node.args else 0
        return _number(self._indexed.get(id(node))) if called in _WHOLE_STACK else 0


def _number(node: ast.AST | None) -> int:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value >= 0 else MANY


def _is_getattr(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1
