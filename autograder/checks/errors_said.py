"""What an exception in the student's process is called: which of the student's functions it comes from, and what that means."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.code.forbidden import reached
from autograder.model import Outcome
from autograder.notebook.text import clean

NOT_ATTEMPTED = "Not attempted yet: the stub still raises NotImplementedError."
_STUB = re.compile(r"\braise[ \t]+NotImplementedError\b")
_BAD_CALL = re.compile(r"^(?:\w+\.)*(\w+|<lambda>)\(\) (?:got|takes|missing)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """`message` follows the call that was made ("softmax([1., 2.]) raised …"), or stands for itself where it is `whole`.  `detail` is the
    same without its text, which may differ from input to input."""

    outcome: Outcome
    message: str
    detail: str = ""
    whole: bool = False


def said(error: dict[str, Any], function: str, tasks: Iterable[str] = (), *, call: str = "", takes: str = "") -> Said:
    """What is said of an `error` that a worker describes, in a call of `function`.  The worker is not trusted, so each field is checked for its type.

    `tasks` are the functions of all tasks, `call` is the call as it is shown, `takes` the parameters of the student's function (`signature`)."""
    kind, message = _text(error.get("type", "Error"), 100), _text(error.get("message", ""), 500)
    line, code = error.get("line"), _text(error.get("code", ""), 200)
    listed = error.get("functions")
    chain = [_text(name, 100) for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    chain = [name for name in chain if not name.startswith("<")]
    inner = chain[-1] if chain else function
    caller = next((name for name in reversed(chain[:-1]) if name != inner), function)
    if kind == "NotImplementedError" and _STUB.search(code):
        if inner == function:
            return Said(Outcome.NOT_ATTEMPTED, NOT_ATTEMPTED)
        if inner in tasks:
            stub = f"`{inner}` is still a stub, and `{caller}` calls it."
            return Said(Outcome.STUDENT_ERROR, stub, f"`{inner}` is still a stub", whole=True)
    if kind == "TypeError" and not chain and _BAD_CALL.match(message):
        shown = f"as {call}, as the task says" if call else "as the task says"
        wanted = f"your function takes {takes}" if takes else f"your function cannot be called so: {message}"
        return Said(
            Outcome.STUDENT_ERROR,
            f"`{function}` was called {shown}, but {wanted}.",
            f"your function takes {takes}",
            whole=True,
        )
    where = f" (line {line}: `{code}`)" if type(line) is int and line > 0 and code else ""
    inside = f" in `{inner}`, which `{caller}` calls" if inner != function else ""
    outcome = Outcome.MEMORY if kind == "MemoryError" else Outcome.STUDENT_ERROR
    told = f"raised {kind}: {message}" if message else f"raised {kind}"
    joint = "," if inside and message else ""
    return Said(outcome, f"{told}{joint}{inside}{where}", f"{kind}{inside}{where}")


def signature(sources: Iterable[str], function: str) -> str:
    """The parameters of the notebook's `function`, "(logits, dim=-1)"; empty where it is not defined by `def`."""
    for piece in reached(sources, function).get(function, ()):
        if isinstance(piece.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return f"({ast.unparse(piece.node.args)})"
    return ""


def _text(value: object, length: int) -> str:
    return clean(str(value)[:length])
