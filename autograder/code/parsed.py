"""Syntax trees of students' cells, and what they show.  Every task of a submission asks about the same cells, and a class shares the
set-up cells and the stubs, so short ones are kept for a while."""

from __future__ import annotations

import ast
import functools
import symtable

from autograder.code.names import imported
from autograder.notebook.text import tree

KEPT = 128
LONGEST_KEPT = 5000  # characters; a tree is hundreds of times as large as its source


def code(source: str) -> tuple[Code, ...] | None:
    """The statements of a cell's top level, or None where Python cannot read it: it then runs nowhere."""
    return _kept(source) if len(source) <= LONGEST_KEPT else _code(source)


def _code(source: str) -> tuple[Code, ...] | None:
    module = tree(source, files=True)
    return None if module is None else tuple(map(Code, module.body))


_kept = functools.lru_cache(maxsize=KEPT)(_code)


class Code:
    """A piece of a notebook's code."""

    def __init__(self, node: ast.AST) -> None:
        self.node = node

    @functools.cached_property
    def leaves(self) -> tuple[ast.AST, ...]:
        """The node and everything below it."""
        return tuple(ast.walk(self.node))

    @functools.cached_property
    def is_definition(self) -> bool:
        return isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))

    @functools.cached_property
    def imports(self) -> tuple[tuple[str, str], ...]:
        """What the imports anywhere in it bind, see `names.imported`."""
        return tuple(imported(self.leaves))

    @functools.cached_property
    def all_names(self) -> frozenset[str]:
        """Every name in it, local ones too: cheaper than `global_names`."""
        return frozenset(leaf.id for leaf in self.leaves if isinstance(leaf, ast.Name))

    @functools.cached_property
    def bound_names(self) -> tuple[str, ...]:
        """The names of the notebook's top level that it gives a value, but for those that imports bind."""
        if self.is_definition:
            return (self.node.name,)  # type: ignore[attr-defined]
        if isinstance(self.node, (ast.Import, ast.ImportFrom)):
            return ()
        stored = (leaf.id for leaf in self.leaves if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store))
        return (*stored, *(leaf.name for leaf in self.leaves if isinstance(leaf, (ast.FunctionDef, ast.ClassDef))))

    @functools.cached_property
    def global_names(self) -> frozenset[str]:
        """The names of the notebook's top level that the code uses: not those that a function binds for itself."""
        try:
            tables = [symtable.symtable(ast.unparse(self.node), "<answer>", "exec")]
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # it runs nowhere, or is nested very deeply
            return self.all_names
        found: set[str] = set()
        while tables:
            table = tables.pop()
            top = table.get_type() == "module"
            used = (one for one in table.get_symbols() if one.is_referenced() and (top or one.is_global()))
            found |= {one.get_name() for one in used}
            tables += table.get_children()
        return frozenset(found)
