"""No regular expression of the pages takes the square of repeated characters: a doubling doubles its time, or it is over before that matters."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

ROOT = Path(autograder.__file__).parent
PAGES = ("report", "markup")  # what pages are made with
CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
PIECES = ["\n", " ", "\n ", "\t", "a", "a ", "a.", "A", "0", "_", "-", ".", ",", "<", ">", "<a", "</a", "(", ")", "[", "{", "}", "'", '"', '"""',
          "#", "# ", "\\", "/", "@", "=", "a=", "%", "$", "`", "*", "\x1b", "\x1b]", "\x1b[0", "\x1b[ ", "\r", ":", "a:", "+", "é", "1e", "0.", "0,"]  # fmt: skip
LENGTH = 20_000  # characters; the most that is put into a page of one cell
SECONDS = 2.0  # linear ones take milliseconds


def patterns() -> Iterator[tuple[str, str]]:
    """(where, pattern) of every call of `re` with a literal pattern."""
    for path in sorted(path for part in PAGES for path in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}:{node.col_offset}", first.value


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=where) for where, pattern in patterns()])
def test_repeated_characters_do_not_slow_a_pattern(pattern: str) -> None:
    compiled = re.compile(pattern, re.MULTILINE)
    for piece in PIECES:
        length = LENGTH // 16
        while length <= LENGTH:
            text = (piece * length)[:length]
            start = time.process_time()
            for end in ("", "\0", "!"):
                for _ in compiled.finditer(text + end):
                    pass
                compiled.fullmatch(text + end)
            spent = time.process_time() - start
            assert spent < SECONDS, (piece, length, spent)
            length *= 2
