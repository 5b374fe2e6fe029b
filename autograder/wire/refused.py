"""What cannot cross the wire: what it is, in the words of whoever wrote it, and what an answer should return instead."""

from __future__ import annotations

import inspect
import io
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

_ADVICE = {
    "generator": "return a list",
    "map object": "return a list",
    "zip object": "return a list",
    "filter object": "return a list",
    "iterator": "return a list",
    "coroutine": "an answer is an ordinary function, without `async`",
    "function": "return its result; are the parentheses of a call missing?",
    "class": "return a value of it",
    "module": "return a value",
    "open file": "return its content",
    "Dataset": "return a list or a DataFrame",
    "Column": "return a list",
    "DataLoader": "return a list",
    "quantised tensor": "return `.dequantize()` of it",
    "nested tensor": "return a list of tensors",
    "meta tensor": "return a tensor with values",
    "masked array": "return an ordinary array",
    "mapping with keys that are no plain values": "use strings or numbers for its keys",
    "grouped table": "return what an aggregation of it gives",
    "figure": "return the values that it shows",
}


def what(value: Any) -> str:
    """What `value` is, in a word or two: "generator", "function", or the name of its class."""
    kind = type(value)
    name = kind.__name__
    if inspect.isgenerator(value):
        return "generator"
    if isinstance(value, (map, zip, filter)):
        return f"{name} object"
    if isinstance(value, (AsyncIterator, Awaitable)):
        return "coroutine"
    if isinstance(value, type):
        return "class"
    if inspect.ismodule(value):
        return "module"
    if isinstance(value, io.IOBase):
        return "open file"
    if inspect.isroutine(value) or name in {"partial", "ufunc", "OpOverload", "ScriptFunction"}:
        return "function"
    if isinstance(value, Iterator):
        return "iterator"
    if name in {"DataFrameGroupBy", "SeriesGroupBy"}:
        return "grouped table"
    if kind.__module__.startswith("matplotlib"):
        return "figure" if name == "Figure" else f"matplotlib {name}"[:100]
    if kind.__module__.startswith("datasets") and name == "IterableDataset":
        return "Dataset"
    return name[:100]


def advice(name: str) -> str:
    """What to return instead of something that `what` calls `name`; empty where nothing helpful can be said."""
    if name.startswith("range "):
        return "return a shorter one"
    return _ADVICE.get(name, "")
