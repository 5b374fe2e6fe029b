"""What is said of an exception names the function that it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.checks.errors_said import NOT_ATTEMPTED, said, signature
from autograder.model import Outcome

TASKS = ("softmax", "top_tokens")


def error(
    kind: str, message: str = "", code: str = "", functions: tuple[str, ...] = (), line: object = 3
) -> dict[str, Any]:
    return {"type": kind, "bases": [kind], "message": message, "line": line, "code": code, "functions": list(functions)}


@pytest.mark.parametrize(
    ("described", "outcome", "sentence"),
    [
        (error("NotImplementedError", "", "raise NotImplementedError", ("top_tokens",)), Outcome.NOT_ATTEMPTED, NOT_ATTEMPTED),
        (error("NotImplementedError", "todo", 'raise NotImplementedError("todo")', ("top_tokens",)), Outcome.NOT_ATTEMPTED, NOT_ATTEMPTED),
        (error("NotImplementedError", "", "def top_tokens(*_): raise NotImplementedError", ("top_tokens",)), Outcome.NOT_ATTEMPTED, NOT_ATTEMPTED),
        (
            error("NotImplementedError", "", "raise NotImplementedError", ("top_tokens", "softmax")),
            Outcome.STUDENT_ERROR,
            "`softmax` is still a stub, and `top_tokens` calls it.",
        ),
        (
            error("NotImplementedError", "", "raise NotImplementedError", ("top_tokens", "best", "<listcomp>", "softmax")),
            Outcome.STUDENT_ERROR,
            "`softmax` is still a stub, and `best` calls it.",
        ),
        (
            error("NotImplementedError", "", "raise NotImplementedError", ("top_tokens", "best")),
            Outcome.STUDENT_ERROR,
            "raised NotImplementedError in `best`, which `top_tokens` calls (line 3: `raise NotImplementedError`)",
        ),
        (
            error("NotImplementedError", "\"softmax\" not implemented for 'Long'", "return torch.exp(x)", ("top_tokens",)),
            Outcome.STUDENT_ERROR,
            "raised NotImplementedError: \"softmax\" not implemented for 'Long' (line 3: `return torch.exp(x)`)",
        ),
        (
            error("TypeError", "top_tokens() got an unexpected keyword argument 'k'"),
            Outcome.STUDENT_ERROR,
            "`top_tokens` was called as top_tokens(x, k=2), as the task says, but your function takes (logits, tokenizer).",
        ),
        (
            error("TypeError", "top_tokens() takes 1 positional argument but 2 were given"),
            Outcome.STUDENT_ERROR,
            "`top_tokens` was called as top_tokens(x, k=2), as the task says, but your function takes (logits, tokenizer).",
        ),
        (
            error("TypeError", "softmax() missing 1 required positional argument: 'dim'", "p = softmax(x)", ("top_tokens",)),
            Outcome.STUDENT_ERROR,
            "raised TypeError: softmax() missing 1 required positional argument: 'dim' (line 3: `p = softmax(x)`)",
        ),
        (
            error("NameError", "name 'shift' is not defined", "return shift(x)", ("top_tokens", "softmax")),
            Outcome.STUDENT_ERROR,
            "raised NameError: name 'shift' is not defined, in `softmax`, which `top_tokens` calls (line 3: `return shift(x)`)",
        ),
        (error("KeyError", "'a'", "d['a']", ("top_tokens", "<lambda>")), Outcome.STUDENT_ERROR, "raised KeyError: 'a' (line 3: `d['a']`)"),
        (error("MemoryError"), Outcome.MEMORY, "raised MemoryError"),
        (error("RecursionError", "too deep", "f()", ("f", "f", "f")), Outcome.STUDENT_ERROR, "raised RecursionError: too deep, in `f`, which `top_tokens` calls (line 3: `f()`)"),
        ({}, Outcome.STUDENT_ERROR, "raised Error"),
        ({"type": 7, "message": [1], "line": True, "code": None, "functions": {"a": 1}}, Outcome.STUDENT_ERROR, "raised 7: [1]"),
        ({"type": "E", "functions": [7, None, "\ud800"]}, Outcome.STUDENT_ERROR, "raised E in `\ufffd`, which `top_tokens` calls"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_right_function(described: dict[str, Any], outcome: Outcome, sentence: str) -> None:
    found = said(described, "top_tokens", TASKS, call="top_tokens(x, k=2)", takes="(logits, tokenizer)")
    assert (found.outcome, found.message) == (outcome, sentence)


def test_the_parameters_of_the_students_function() -> None:
    sources = [
        "%matplotlib inline\ndef softmax(x): pass",
        "def softmax(logits, *, dim: int = -1, **more):\n    return logits",
    ]
    assert signature(sources, "softmax") == "(logits, *, dim: int=-1, **more)"
    assert signature(["softmax = lambda x: x"], "softmax") == ""
    assert signature([], "softmax") == ""
