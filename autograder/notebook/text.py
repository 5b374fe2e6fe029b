"""The text of notebooks: sources, their canonical form on disk, and the names that a piece of Python defines."""

from __future__ import annotations

import json
import re
from typing import Any

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


def functions(source: str) -> list[str]:
    """Names of the functions that `source` defines at its top level, in order.

    By pattern, not by parsing: a student's cell may hold magics or be no valid Python at all."""
    return _DEFINITION.findall(source)


def assigned(source: str) -> list[str]:
    """Names that `source` assigns at its top level, in order."""
    return _ASSIGNMENT.findall(source)


def provides(source: str) -> set[str]:
    """What later cells may need of `source`: its functions and classes by name, its imports by line."""
    return {*functions(source), *_CLASS.findall(source), *(line.strip() for line in _IMPORT.findall(source))}


def canonical(nb: dict[str, Any]) -> str:
    """The one way in which a notebook is written: sources as lists of lines, sorted keys, one space of indent."""
    cells = [
        {**cell, "source": source_of(cell).splitlines(keepends=True)} if isinstance(cell, dict) else cell
        for cell in nb.get("cells", [])
    ]
    return json.dumps({**nb, "cells": cells}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
