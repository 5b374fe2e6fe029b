"""Small wrong changes of a correct answer, made on its syntax tree, one at a time.

The operators are the usual ones of mutation testing (compare Jia & Harman 2011, "An analysis and survey of the development of mutation
testing"), with a few for code on tensors: a reduction becomes another one, a conversion or a keyword is forgotten."""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_OTHER_NAME = {
    "sum": "mean", "mean": "sum", "amax": "amin", "max": "min", "min": "max", "argmax": "argmin", "cumsum": "cumprod",
    "exp": "expm1", "log": "log1p", "sqrt": "abs", "any": "all", "all": "any", "ge": "gt", "gt": "ge", "lt": "le", "le": "lt",
}  # fmt: skip
_SYMMETRIC = {"min", "max", "torch.maximum", "torch.minimum"}
_FORGOTTEN = {
    "float", "double", "to", "clone", "copy", "detach", "long", "int", "bool", "contiguous", "reset_index", "dropna",
    "strip", "tolist", "item", "unsqueeze", "squeeze", "eval", "sort_values", "head", "astype", "fillna", "view", "type",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed answer: the line of the original (from 1), what has become of it, and the whole new source."""

    line: int
    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of the functions in `source`, without doubles; docstrings, annotations and the words of exceptions are left alone."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    found = []
    spared = _spared(tree)
    for position, node in enumerate(ast.walk(tree)):
        for new in () if node in spared else _alternatives(node):
            changed = copy.deepcopy(tree)
            old = next(one for number, one in enumerate(ast.walk(changed)) if number == position)
            _Swap(old, new).visit(changed)
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                found.append(Mutant(getattr(node, "lineno", 0), _difference(original, text), text))
    return found


def _difference(original: str, changed: str) -> str:
    """The lines that the change has made; what stood there, if it made none."""
    lines = list(difflib.ndiff(original.splitlines(), changed.splitlines()))
    made = [line[2:].strip() for line in lines if line.startswith("+ ")]
    gone = [line[2:].strip() for line in lines if line.startswith("- ")]
    return " ⏎ ".join(made) or f"without {' ⏎ '.join(gone)}"


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _spared(tree: ast.Module) -> set[ast.AST]:
    """The nodes whose change no check can be asked to notice."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.Raise():
                roots.append(node.exc)
            case ast.FunctionDef():
                roots += [node.returns, *(one.annotation for one in node.args.args)]
            case ast.Expr(value=ast.Constant()):
                roots.append(node)
    return {part for root in roots if root is not None for part in ast.walk(root)}


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """What `node` might have been by mistake."""
    for kind, alternatives in _BY_KIND.items():
        if isinstance(node, kind):
            yield from alternatives(node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    if len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        yield _with(node, ops=[_COMPARISONS[type(node.ops[0])]()])


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _ARITHMETIC:
        yield _with(node, op=_ARITHMETIC[type(node.op)]())
        yield node.left
        yield node.right


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for number in range(len(node.values)):
        yield _with(node, values=[*node.values[:number], *node.values[number + 1 :]])


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int():
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        case float():
            yield ast.Constant(node.value * 2 + 1)
        case str():
            yield ast.Constant(node.value + "x")


def _choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _branch(node: ast.If) -> Iterator[ast.AST]:
    for value in (False, True):
        yield _with(node, test=ast.Constant(value))


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.upper is not None:
        yield _with(node, upper=None)
    if node.lower is not None:
        yield _with(node, lower=None)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _OTHER_NAME:
        yield _with(node, func=_with(function, attr=_OTHER_NAME[function.attr]))
    elif isinstance(function, ast.Name) and function.id in _OTHER_NAME:
        yield _with(node, func=_with(function, id=_OTHER_NAME[function.id]))
    for number in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:number], *node.keywords[number + 1 :]])
    if isinstance(function, ast.Attribute) and function.attr in _FORGOTTEN:
        yield function.value
    elif len(node.args) == 2 and ast.unparse(function) not in _SYMMETRIC:
        yield _with(node, args=node.args[::-1])


def _statement(_: ast.AST) -> Iterator[ast.AST]:
    yield ast.Pass()


def _call_statement(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Call):
        yield ast.Pass()


_BY_KIND: dict[type, Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _comparison,
    ast.BinOp: _binary,
    ast.UnaryOp: lambda node: iter([node.operand]),
    ast.BoolOp: _boolean,
    ast.Constant: _constant,
    ast.IfExp: _choice,
    ast.If: _branch,
    ast.While: lambda node: iter([_with(node, test=ast.Constant(value=False))]),
    ast.comprehension: lambda node: iter([_with(node, ifs=[])]),
    ast.Call: _call,
    ast.Slice: _slice,
    ast.AugAssign: _statement,
    ast.Break: _statement,
    ast.Continue: _statement,
    ast.Expr: _call_statement,
    ast.Return: lambda node: iter([_with(node, value=ast.Constant(None))]),
}
