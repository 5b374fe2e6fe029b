"""What no answer needs and tampering does.

Signs are names that a person should look at: a flag, which costs no points.  Doubt is what follows where a notebook reaches into the process
that runs it: the worker's word about itself (which functions ran, whether an argument was changed) is then not believed."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable

from autograder.code import parsed
from autograder.code.parsed import Code

_SIGNS: dict[str, str] = {
    "the grader's own package": r"\b(?:import|from)[ \t]+autograder\b|\bautograder\.\w",
    "code that is put together when it runs": r"(?<![.\w])(?:exec|eval|__import__)[ \t]*\(|\bimportlib\b",
    "objects that belong to others": r"\bgc\s*\.\s*get_(?:objects|referrers|referents)|\b__subclasses__\b|\b_getframe\b|\bf_back\b|\btb_frame\b",
    "the interpreter's or IPython's inner workings": (
        r"(?<!\bin )\bsys\.modules\b|\bast_transformers\b|\binput_transformers?\w*\b|\brun_cell\b|\bdo_execute\b|\bsettrace\b|\bsetprofile\b"
        r"|\b__builtins__\b|\bbuiltins\s*\.\s*\w+\s*=|\bmeta_path\b"
    ),
    "raw memory": r"\bctypes\b|/proc/",
    "the watch over operators": (
        r"\b_disable_current_modes\b|\b_DisableTorchDispatch\b|\b__torch_(?:dispatch|function)__\b|\b_python_dispatch\b|\btorch\s*\.\s*_C\b"
    ),
    "what outlives a cell": r"\batexit\b|\b_thread\b|\bthreading\b|\bmultiprocessing\b|\bos\s*\.\s*fork\b|\bsignal\s*\.\s*signal\b",
    "library functions that it replaces": (
        r"^[ \t]*(?:torch|np|numpy|math|pd|pandas|json)(?:\.\w+)+[ \t]*=(?!=)|\bsetattr\s*\(\s*(?:torch|np|numpy|math|builtins)\b"
    ),
}
_PATTERNS = {what: re.compile(pattern, re.MULTILINE) for what, pattern in _SIGNS.items()}


def signs(sources: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each kind of sign that the sources show, with the first place that shows it."""
    found = []
    texts = list(sources)
    for what, pattern in _PATTERNS.items():
        hit = next((match for text in texts if (match := pattern.search(text))), None)
        if hit is not None:
            found.append(f"The code touches {what} (`{' '.join(hit.group().split())[:40]}`): have a look at it.")
    return tuple(found)


_MODULES = {"autograder", "ctypes", "_ctypes", "cffi"}
_NAMES = {
    "_getframe", "_current_frames", "currentframe", "f_back", "f_locals", "tb_frame", "gi_frame", "cr_frame", "get_objects", "get_referrers",
    "get_referents", "unfreeze", "_disable_current_modes", "_DisableTorchDispatch", "_python_dispatch", "__torch_dispatch__", "settrace",
    "setprofile", "autograder",
}  # fmt: skip
_WANTED = _MODULES | _NAMES


def touches(sources: Iterable[str]) -> bool:
    """Whether any code of the notebook, run or not, reaches into the process that runs it: then no task shares a process with another."""
    return _outline(tuple(sources)).anywhere


def doubt(sources: Iterable[str], function: str, tasks: Iterable[str]) -> str:
    """The sentence for the student where what the cells run, or `function` and what it calls, reaches into the process; else empty.

    The functions of other `tasks` count for themselves only."""
    outline = _outline(tuple(sources))
    name = outline.hit or outline.follow([function], set(tasks))
    if not name:
        return ""
    return (
        f"cannot be judged: `{name}` reaches into the process that runs the notebook, so that nothing which that process says of itself "
        "(which functions ran, what was changed) is believed. Take it out, or talk to the staff."
    )


class _Outline:
    """A notebook's functions, what its imports stand for, and the first name (`hit`) with which code that the cells run reaches into the process."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self.defined: dict[str, list[Code]] = {}
        self.imports: dict[str, str] = {}
        self.hit = ""
        run: list[Code] = []
        for source in sources:
            pieces = parsed.code(source)
            if pieces is None:
                self.hit = self.hit or next(iter(sorted(_words(source) & _WANTED)), "")
                continue
            for piece in pieces:
                part = piece.node
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.defined.setdefault(part.name, []).append(piece)
                    run += map(Code, [*part.decorator_list, *part.args.defaults, *filter(None, part.args.kw_defaults)])
                elif isinstance(part, (ast.Import, ast.ImportFrom)):
                    self.imports |= _imported(part)
                else:
                    run.append(piece)
        names = {name for piece in run for name in piece.names}
        self.hit = self.hit or self.imports.get("*", "") or self._wanted(names) or self.follow(names, set())
        everything = names | {name for pieces in self.defined.values() for piece in pieces for name in piece.names}
        self.anywhere = bool(self.hit or self._wanted(everything))

    def follow(self, names: Iterable[str], seen: set[str]) -> str:
        """The first name with which the functions called `names`, or functions that they use but those already `seen`, reach into the process."""
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            seen.add(name)
            found = {inner for piece in self.defined.get(name, ()) for inner in piece.names}
            if hit := self._wanted(found):
                return hit
            waiting += found - seen
        return ""

    def _wanted(self, names: set[str]) -> str:
        origins = {part for name in names for part in self.imports.get(name, "").split(".")}
        return next(iter(sorted((names | origins) & _WANTED)), "")


@functools.lru_cache(maxsize=1)  # every task of a submission asks
def _outline(sources: tuple[str, ...]) -> _Outline:
    return _Outline(sources)


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """What each name that an import binds stands for; under "*" a module of the grader whose names come all at once."""
    if isinstance(node, ast.Import):
        return {
            (alias.asname or alias.name.split(".")[0]): alias.name if alias.asname else alias.name.split(".")[0]
            for alias in node.names
        }
    module = node.module or ""
    everything = any(alias.name == "*" for alias in node.names) and module.split(".")[0] in _MODULES
    return (
        {"*": module} if everything else {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    )


def _words(source: str) -> set[str]:
    return set(re.findall(r"\w+", source))
