"""Cells as Python can parse them: IPython's own syntax replaced by what it does, as far as that is Python.

The rules are those of IPython's input transformer.  That one tokenises the whole cell again for every magic in it, which a hostile cell can
turn into minutes; here each character is looked at once."""

from __future__ import annotations

import ast
import functools
import re
import textwrap

RUNS_ITS_CELL = frozenset({"time", "timeit", "capture", "prun", "debug", "check"})
"""Cell magics whose cell is code of the notebook."""
_WRITES_ITS_CELL = frozenset({"writefile", "file"})
"""A module that a notebook writes and imports is looked at like its own code."""
_RUNS_ITS_LINE = frozenset({"time", "timeit", "prun", "debug"})
_MOST_NESTED = 20

_ESCAPES = frozenset("%!?/,;")
_MAY_HOLD_MAGIC = re.compile(r"[%!?]|^[ \t]*[/,;]|>>>|In \[|\A(?:[ \t]*\n)*[ \t]+\S", re.MULTILINE)
_PROMPT = re.compile(r"[ \t]*\.{3,}: ?|In \[\d+\]: |[ \t]*(?:>>>|\.\.\.)[ \t]?")
_FIRST_PROMPT = re.compile(r"[ \t]*>>>|In \[\d+\]: ")
_CELL_MAGIC = re.compile(r"%%(\S+)[ \t]*(.*)")
_OPTIONS = re.compile(r"[ \t]*(?:-(?:[nrplsTD] ?[\w./]+|[A-Za-z]+|-[a-z-]+)[ \t]+)*")
_HELP = re.compile(r"[\w*\]]\?\??$")
_ASSIGNED = re.compile(r"=[ \t]*(?:!|%[^\W\d])")
_PIECES = re.compile(
    r"""(?P<triple>\"{3}|'{3})
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<comment>\#.*)
      | (?P<escape>\\.)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<compare>[=!<>:+\-*/%@&|^]=)
      | (?P<assign>=)
    """,
    re.VERBOSE,
)
_TRIPLE_END = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}", re.DOTALL) for quote in ('"""', "'''")}


@functools.lru_cache(maxsize=16)  # every task of a submission asks about the same cells
def without_magics(source: str) -> str:
    """`source` as plain Python with the same lines: code that a magic runs, or writes into a module, stays; every other magic, shell escape
    and question becomes `pass`, or `None` where it is assigned."""
    if not _MAY_HOLD_MAGIC.search(source):
        return source
    return "\n".join(_plain(source.split("\n"), _MOST_NESTED))


def writes_a_file(source: str) -> bool:
    """Whether a cell writes what it holds into a file instead of running it."""
    found = _CELL_MAGIC.match(source.lstrip())
    return found is not None and found[1] in _WRITES_ITS_CELL


def _plain(lines: list[str], depth: int) -> list[str]:
    lines = _without_prompts(lines)
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    if first < len(lines) and lines[first][0] in " \t":
        lines = textwrap.dedent("\n".join(lines)).split("\n")
    found = _CELL_MAGIC.match(lines[first]) if first < len(lines) else None
    if found is None or lines[first].rstrip().endswith("?"):
        return _statements(lines)
    body = lines[first + 1 :]
    module = found[1] in _WRITES_ITS_CELL and found[2].rstrip(" \t'\"").endswith(".py")
    if not (found[1] in RUNS_ITS_CELL or module) or not depth:
        return [*lines[:first], "pass", *("" for _ in body)]
    head = _code_of(found[1], found[2]) if found[1] == "timeit" else None
    return [*lines[:first], head or "pass", *_plain(body, depth - 1)]


def _without_prompts(lines: list[str]) -> list[str]:
    """Lines that were copied with the prompts of an interpreter."""
    first = next((line for line in lines if line.strip()), "")
    if not _FIRST_PROMPT.match(first):
        return lines
    return [_PROMPT.sub("", line, count=1) if _PROMPT.match(line) else line for line in lines]


def _statements(lines: list[str]) -> list[str]:
    made: list[str] = []
    state = _State()
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line and state.is_between_statements:
            replaced = _replaced(line, state)
            if replaced is not None:
                while lines[end - 1].endswith("\\") and end < len(lines):  # a magic goes on after a backslash
                    end += 1
                if end > at + 1:
                    parts = [part.removesuffix("\\") for part in lines[at:end]]
                    replaced = _replaced(" ".join([parts[0], *map(str.strip, parts[1:])]), state) or replaced
                made += [replaced, *("" for _ in range(end - at - 1))]
                at = end
                continue
        state.read(line)
        made.append(line)
        at = end
    return made


def _replaced(line: str, state: _State) -> str | None:
    """What stands for a line that begins a statement, or None where it is plain Python."""
    code = line.lstrip(" \t")
    indent = line[: len(line) - len(code)]
    if code and code[0] in _ESCAPES:
        if code[0] in "!?":
            return f"{indent}pass"
        if code[0] == "%" and not code.rstrip().endswith("?"):
            name, _, rest = code[1:].partition(" ")
            return f"{indent}{_code_of(name, rest) or 'pass'}"
        return f"{indent}{_called(code)}"
    if code.rstrip().endswith("?") and _HELP.search(code.rstrip()) and state.outside(line):
        return f"{indent}pass"
    if ("!" in line or "%" in line) and _ASSIGNED.search(line):
        equals = state.assignment(line)
        right = line[equals + 1 :].lstrip(" \t") if equals >= 0 else ""
        if right.startswith("!"):
            return f"{line[: equals + 1]} None"
        if re.match(r"%[^\W\d]", right):
            name, _, rest = right[1:].partition(" ")
            return f"{line[: equals + 1]} {_code_of(name, rest, expression=True) or 'None'}"
    return None


def _code_of(magic: str, rest: str, *, expression: bool = False) -> str | None:
    """The Python that a line magic runs, if it is one that does."""
    if magic not in _RUNS_ITS_LINE:
        return None
    code = rest[_OPTIONS.match(rest).end() :].strip()  # type: ignore[union-attr]  # it matches the empty string too
    try:
        ast.parse(code, mode="eval" if expression else "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return code or None


def _called(code: str) -> str:
    """`/f 1 2`, `,f a b` and `;f a b`, which call f; else `pass`."""
    name, _, rest = code[1:].partition(" ")
    if code[0] not in "/,;" or not all(part.isidentifier() for part in name.split(".")):
        return "pass"
    words = rest.split()
    if code[0] == "/":
        return f"{name}({', '.join(words)})"
    return f"{name}({', '.join(map(repr, words if code[0] == ',' else [rest]))})"


class _State:
    """Where a cell stands at the end of a line: inside a string, inside brackets, after a backslash."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._continued = False

    @property
    def is_between_statements(self) -> bool:
        return not (self._quote or self._depth or self._continued)

    def read(self, line: str) -> None:
        if not line:
            self._continued = False
            return
        at = 0
        if self._quote:
            closed = _TRIPLE_END[self._quote].match(line)
            if closed is None:
                return
            self._quote, at = "", closed.end()
        comment = False
        while (piece := _PIECES.search(line, at)) is not None:
            at = piece.end()
            if piece["triple"]:
                closed = _TRIPLE_END[piece["triple"]].match(line, at)
                if closed is None:
                    self._quote = piece["triple"]
                    return
                at = closed.end()
            elif piece["open"]:
                self._depth += 1
            elif piece["close"]:
                self._depth = max(0, self._depth - 1)
            comment = comment or bool(piece["comment"])
        self._continued = line.endswith("\\") and not comment

    def assignment(self, line: str) -> int:
        """Where the first `=` of a line stands that is outside brackets and strings; -1 where there is none."""
        depth = 0
        for piece in _PIECES.finditer(line):
            if piece["triple"] or piece["comment"]:
                return -1
            depth += bool(piece["open"]) - bool(piece["close"])
            if piece["assign"] and depth <= 0:
                return piece.start()
        return -1

    def outside(self, line: str) -> bool:
        """Whether a line ends outside strings and comments."""
        ahead = _State()
        ahead.read(line)
        return not ahead._quote and not any(piece["comment"] for piece in _PIECES.finditer(line))
