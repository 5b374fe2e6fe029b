"""Values in words: what a message says of what a call was given, of what it gave, and of how two values differ.

`show` and `recipe` are for calls, `a_kind` and `difference` for answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from autograder.wire import refused, specs
from autograder.wire.differing import Differing
from autograder.wire.shown import article, dtype_name, notebook_name, show
from autograder.wire.specs import recipe
from autograder.wire.values import Member, NamedRecord, Opaque, Record, Reference

__all__ = ["a_kind", "difference", "dtype_name", "recipe", "show"]

_WORDS = {
    "str": "a string", "int": "an int", "float": "a float", "bool": "a bool", "complex": "a complex number",
    "bytes": "bytes", "dict": "a dictionary", "Image": "an image", "dict_keys": "the keys of a dictionary",
    "dict_values": "the values of a dictionary", "dict_items": "the items of a dictionary", "PosixPath": "a Path",
    "WindowsPath": "a Path", "Size": "a torch.Size", "dtype": "a torch.dtype", "device": "a torch.device", "NaTType": "pd.NaT",
    "NAType": "pd.NA", "ellipsis": "an Ellipsis", "generator": "a generator",
}  # fmt: skip


def a_kind(value: Any) -> str:
    """What kind of thing `value` is, with its article: "None", "a list", "a tensor of shape (1, 4)"; of what could not be sent, also what
    to return instead."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        instead = refused.advice(value.type_name)
        return article(value.type_name) + (f" ({instead})" if instead else "")
    spec = value.spec if isinstance(value, Reference) else specs.spec_of(value)
    if spec is not None:
        return specs.what(spec)
    names = [cls.__name__ for cls in type(value).__mro__]
    if "Tensor" in names and hasattr(value, "layout"):
        sparse = "a sparse" if "sparse" in str(value.layout) else "a"
        return f"{sparse} tensor of shape {tuple(value.shape)}"
    if type(value).__module__.startswith("numpy") or "ndarray" in names:
        return _numpy_kind(names)
    if isinstance(value, (Member, Enum)):
        return f"a member of {getattr(value, 'class_name', type(value).__name__)}"
    if isinstance(value, NamedRecord) or (isinstance(value, tuple) and hasattr(value, "_fields")):
        return f"a named tuple ({getattr(value, 'class_name_', '') or type(value).__name__})"
    if isinstance(value, Record):
        return article(value.class_name_)
    if names[0] in _WORDS:
        return _WORDS[names[0]]
    if isinstance(value, (str, int, float)) and names[0] not in {"Timestamp", "Timedelta"}:
        return next(_WORDS[name] for name in names if name in _WORDS)
    name = notebook_name(value)
    if name:
        return f"a {name.replace('pipe', 'pipeline')}"
    return article(names[0] if isinstance(value, (list, tuple, Mapping)) else refused.what(value))


def _numpy_kind(names: list[str]) -> str:
    if "ndarray" in names:
        return "a NumPy array"
    if "str_" in names or "bytes_" in names:
        return "a NumPy string"
    return "a NumPy scalar" if "generic" in names else "a NumPy dtype" if "dtype" in names else article(names[0])


def difference(got: Any, expected: Any, *, rtol: float = 1e-5, atol: float = 1e-8) -> tuple[str, str]:
    """`got` and `expected`, which are not the same, in words for "returned {}; expected {}".

    The two texts differ, and in what matters: with as many digits as it takes; by kind, dtype, shape or device where the values are the
    same; of what is long, the first place that differs, with what stands around it.  Numbers within `atol + rtol * |expected|` count as
    the same as long as others differ by more."""
    return Differing(a_kind, rtol, atol).texts(got, expected)
