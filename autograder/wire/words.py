"""Values in words: how a message shows what a call was given and what it gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.wire import refused
from autograder.wire.values import Opaque

if TYPE_CHECKING:
    import torch


def a_kind(value: Any) -> str:
    """What kind of thing `value` is, with its article: "None", "a list", "a tensor of shape (1, 4)"."""
    import numpy as np
    import torch

    if value is None:
        return "None"
    if isinstance(value, Opaque):
        instead = refused.advice(value.type_name)
        return f"a {value.type_name} ({instead})" if instead else f"a {value.type_name}"
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


def difference(got: Any, expected: Any) -> tuple[str, str]:
    """`got` and `expected`, which are not the same, in words for "returned {}; expected {}": the two texts differ, and show the first place
    that differs where the values are long."""
    one, other = show(got), show(expected)
    if one != other:
        return one, other
    one, other = f"{a_kind(got)} ({one})", f"{a_kind(expected)} ({other})"
    return (one, other) if one != other else (one, f"another {other.partition(' ')[2]}")


def show(value: Any, limit: int = 120) -> str:
    """`value` as a student would write it, shortened to about `limit` characters."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.numel() > 12:
            edge = ", ".join(_digits(x) for x in value.detach().reshape(-1)[:4].tolist())
            return f"a tensor of shape {tuple(value.shape)} [{edge}, …]"
        suffix = "" if value.dtype in {torch.float32, torch.int64, torch.bool} else f" ({dtype_name(value.dtype)})"
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


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
