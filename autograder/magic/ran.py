"""The cells that a kernel has run: what `%check` knows of the code behind the functions that are live."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from autograder.code import parsed
from autograder.notebook.text import functions


@dataclass(frozen=True, slots=True)
class Ran:
    """The cells of one kernel as they were typed, oldest first.  `transform` is what IPython makes of a cell before it runs it."""

    cells: tuple[str, ...] = ()
    transform: Callable[[str], str] = str

    @classmethod
    def of(cls, shell: Any) -> Self:
        """Those of a running IPython shell."""
        return cls(tuple(map(str, shell.history_manager.input_hist_raw)), shell.transform_cell)

    def sources(self) -> list[str]:
        """The cells that still count: those of which a name is not bound again by a later one."""
        kept: list[str] = []
        later: set[str] = set()
        for cell in reversed(self.cells):
            bound = {name for piece in parsed.code(cell) or () for name in _bound(piece.node)}
            if not bound or not bound <= later:
                kept.append(cell)
            later |= bound
        return kept[::-1]

    def outdated(self, function: Any, name: str) -> str:
        """Why `function`, which is live under `name`, is not what the last cell that defines `name` says, in a sentence; "" if it is."""
        code = getattr(function, "__code__", None)
        if code is None or code.co_name != name or Path(code.co_filename).exists():
            return ""  # it comes from somewhere else than a cell
        cell = next((cell for cell in reversed(self.cells) if name in _defines(cell)), None)
        try:
            live = inspect.getsource(code).strip()
        except (OSError, TypeError):
            return ""
        if cell is None or any(live in text for text in self._forms(cell)):
            return ""
        why = "has a syntax error" if parsed.code(cell) is None else "stopped before that line"
        return (
            f"The last cell that defines `{name}` {why}, so the function here is still the one from before: "
            "mend that cell and run it."
        )

    def _forms(self, cell: str) -> Iterator[str]:
        """What the source of a function may be part of: the cell as typed, and as IPython runs it."""
        body = cell.partition("\n")[2] if cell.lstrip().startswith("%%") else cell
        yield cell
        try:
            yield self.transform(body)
        except Exception:  # not even IPython can read it
            return


def _defines(cell: str) -> list[str]:
    """The functions that a cell defines at its top level; of one that Python cannot read, those that it seems to."""
    pieces = parsed.code(cell)
    if pieces is None:
        return functions(cell)
    return [piece.node.name for piece in pieces if isinstance(piece.node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement of the top level binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    else:
        yield from (
            leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)
        )
