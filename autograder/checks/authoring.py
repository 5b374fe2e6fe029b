"""Markers and comparisons.  A comparison that fails raises `Mismatch`, whose text continues the sentence
"softmax([0., 1000.]) …"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from autograder.wire import Opaque

if TYPE_CHECKING:
    import torch

_TOLERANCES = {"float64": (1e-9, 1e-9), "float32": (1e-5, 1e-5), "float16": (3e-2, 3e-2), "bfloat16": (3e-2, 3e-2)}


class Mismatch(AssertionError):
    """The answer is not what it should be; the text continues a sentence that begins with the call."""


# ── markers ───────────────────────────────────────────────────────────────────────────────────────


def task(task_id: str, *, points: float) -> pytest.MarkDecorator:
    """Marks a class as the checks of one task; `points` must be the ones in the notebook."""
    return pytest.mark.task(task_id, points=points)


def weight(share: float) -> pytest.MarkDecorator:
    """How much a check counts among the checks of its task (default 1)."""
    return pytest.mark.weight(share)


def hint(text: str) -> pytest.MarkDecorator:
    """What a student reads when the check fails."""
    return pytest.mark.hint(text)


def forbids(*names: str, why: str) -> pytest.MarkDecorator:
    """Library functions that an answer must not use, as dotted names; a trailing `.*` stands for a whole module."""
    return pytest.mark.forbids(names, why=why)


# ── comparisons ───────────────────────────────────────────────────────────────────────────────────


def close(
    answer: Any,
    expected: torch.Tensor,
    *,
    dtype: torch.dtype | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """`answer` is a tensor of `expected`'s shape and of `dtype` (default: expected's), with its values: infinities and NaN in
    the same places, the rest within `atol + rtol * |expected|`, compared in float64.  The default tolerance fits the dtype."""
    __tracebackhide__ = True
    import torch

    if not isinstance(answer, torch.Tensor):
        raise Mismatch(f"gave {a_kind(answer)}, not a tensor")
    if answer.shape != expected.shape:
        raise Mismatch(f"gave a tensor of shape {tuple(answer.shape)}, not {tuple(expected.shape)}")
    wanted = expected.dtype if dtype is None else dtype
    if answer.dtype != wanted:
        raise Mismatch(f"gave {_name(answer.dtype)}, not {_name(wanted)}")
    default_rtol, default_atol = _TOLERANCES.get(_name(wanted), (0.0, 0.0))
    got, want = answer.detach().double(), expected.detach().double()
    if not torch.allclose(
        got,
        want,
        rtol=default_rtol if rtol is None else rtol,
        atol=default_atol if atol is None else atol,
        equal_nan=True,
    ):
        raise Mismatch(f"gave {show(answer)}, not {show(expected.to(wanted))}")


def number(answer: Any, expected: float, *, rtol: float = 1e-6, atol: float = 1e-6) -> None:
    """`answer` is a Python float (no tensor, no NumPy scalar, no int) within `atol + rtol * |expected|`."""
    __tracebackhide__ = True
    if type(answer) is not float:
        raise Mismatch(f"gave {a_kind(answer)}, not a Python float")
    if answer != expected and not abs(answer - expected) <= atol + rtol * abs(expected):
        raise Mismatch(f"gave {answer!r}, not {expected!r}")


def expect(condition: bool, sentence: str) -> None:
    """Fails with `sentence`, which speaks of the answer, unless `condition` holds."""
    __tracebackhide__ = True
    if not condition:
        raise AssertionError(sentence)


# ── values in words ───────────────────────────────────────────────────────────────────────────────


def a_kind(value: Any) -> str:
    """What kind of thing `value` is, with its article: "None", "a list", "a tensor of shape (1, 4)"."""
    import numpy as np
    import torch

    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"a NumPy {'array' if value.ndim else 'scalar'}"
    if isinstance(value, np.generic):
        return "a NumPy scalar"
    name = type(value).__name__
    words = {
        "str": "a string",
        "int": "an int",
        "Image": "an image",
        "Series": "a Series",
        "DataFrame": "a DataFrame",
        "bool": "a bool",
        "float": "a float",
        "dict": "a dictionary",
    }
    return words.get(name, f"a {name}")


def show(value: Any, limit: int = 120) -> str:
    """`value` as a student would write it, shortened to about `limit` characters."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.numel() > 12:
            edge = ", ".join(_digits(x) for x in value.detach().reshape(-1)[:4].tolist())
            return f"a tensor of shape {tuple(value.shape)} [{edge}, …]"
        suffix = "" if value.dtype in {torch.float32, torch.int64, torch.bool} else f" ({_name(value.dtype)})"
        return _nested(value.detach().tolist()) + suffix
    if type(value).__name__ in {"DataFrame", "Series"}:
        return _table(value)
    if type(value).__name__.endswith("Pipeline"):
        return "<classifier>" if "Classification" in type(value).__name__ else "<pipeline>"
    if isinstance(value, torch.nn.Module):
        return f"<{type(value).__name__}>"
    if type(value).__name__.startswith(("PreTrained", "Tokenizer")) or hasattr(value, "convert_ids_to_tokens"):
        return "<tokenizer>"
    text = _nested(value) if isinstance(value, (list, float)) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _table(value: Any) -> str:
    index = value.index.tolist()
    named = "" if index == list(range(len(index))) else f", index {show(index, 60)}"
    if type(value).__name__ == "Series":
        return f"Series({show(value.tolist(), 80)}{named})"
    return f"<frame of {len(value)} rows: {', '.join(map(str, value.columns))}{named}>"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return _digits(value) if isinstance(value, float) else repr(value)


def _digits(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
