"""Comparisons of plain values and of tables.  As in `authoring`, what differs ends a sentence that begins with the call."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral
from typing import Any

from autograder.checks.authoring import Mismatch, near
from autograder.wire.words import a_kind, show


def same(answer: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9, strict: bool = False) -> None:
    """`answer` equals `expected`, a value of None, bools, ints, floats, strings, lists and mappings.

    An int may be any Integral, a float NumPy's float64 too and must lie within the tolerance (an infinity or NaN must be that), a mapping
    may have more keys than expected."""
    __tracebackhide__ = True
    problem = _difference(answer, expected, rtol, atol)
    if problem:
        raise Mismatch(problem)


def _difference(answer: Any, expected: Any, rtol: float, atol: float, where: str = "") -> str:
    at = f" at {where}" if where else ""
    if isinstance(expected, Mapping):
        if not isinstance(answer, Mapping):
            return f"gave {a_kind(answer)}{at}, not a mapping"
        missing = [key for key in expected if key not in answer]
        if missing:
            return f"gave a mapping without the key {missing[0]!r}{at}"
        parts = ((answer[key], value, f"{where}[{key!r}]") for key, value in expected.items())
    elif isinstance(expected, (list, tuple)):
        if not isinstance(answer, list):
            return f"gave {a_kind(answer)}{at}, not a list"
        if len(answer) != len(expected):
            return f"gave {len(answer)} entries{at} ({show(answer)}), not {len(expected)} ({show(list(expected))})"
        parts = ((one, other, f"{where}[{n}]") for n, (one, other) in enumerate(zip(answer, expected, strict=True)))
    else:
        if _equal(answer, expected, rtol, atol):
            return ""
        got, wanted = _shown(answer), _shown(expected)
        if got == wanted:  # 0.0 reads like 0
            got, wanted = f"{a_kind(answer)} ({got})", a_kind(expected)
        return f"gave {got}{at}, not {wanted}"
    return next((problem for one, other, place in parts if (problem := _difference(one, other, rtol, atol, place))), "")


def _equal(answer: Any, expected: Any, rtol: float, atol: float) -> bool:
    if expected is None or isinstance(expected, (bool, str)):
        return type(answer) is type(expected) and bool(answer == expected)
    if isinstance(expected, Integral):
        return isinstance(answer, Integral) and not isinstance(answer, bool) and int(answer) == int(expected)
    if isinstance(expected, float):
        return isinstance(answer, float) and near(answer, expected, rtol, atol)
    raise TypeError(f"same() does not compare {type(expected).__name__}")


def _shown(value: Any) -> str:
    plain = value is None or isinstance(value, (bool, int, float, str, list))
    return show(value) if plain else f"{a_kind(value)} ({show(value)})"


def same_table(
    answer: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9, ordered: bool = False, strict: bool = False
) -> None:
    """`answer` is a pandas frame with `expected`'s columns in their order, its index, its values and its kinds of dtype (whole numbers,
    floats, bools, text), with what is missing in the same places; the width of a number, the way in which text is stored and which of
    None, NaN and NA stands for what is missing are free."""
    __tracebackhide__ = True
    import pandas as pd

    if not isinstance(answer, pd.DataFrame):
        raise Mismatch(f"gave {a_kind(answer)}, not a DataFrame")
    if list(answer.columns) != list(expected.columns):
        raise Mismatch(f"gave the columns {list(answer.columns)!r}, not {list(expected.columns)!r}")
    if len(answer) != len(expected):
        raise Mismatch(f"gave {len(answer)} rows, not {len(expected)}")
    if not all(map(_alike, answer.index.tolist(), expected.index.tolist())):
        raise Mismatch(f"gave the index {show(answer.index.tolist())}, not {show(expected.index.tolist())}")
    for name in expected.columns:
        wanted, got = _kind(expected[name]), _kind(answer[name])
        if got != wanted:
            raise Mismatch(f"gave the column {name!r} as {got} ({answer[name].dtype}), not as {wanted}")
        for row, one, other in zip(
            expected.index.tolist(), answer[name].tolist(), expected[name].tolist(), strict=True
        ):
            is_number = wanted == "floats" and not _is_missing(one) and not _is_missing(other)
            if not (near(one, other, rtol, atol) if is_number else _alike(one, other)):
                raise Mismatch(f"gave {one!r} in row {row!r} of column {name!r}, not {other!r}")


def _alike(one: Any, other: Any) -> bool:
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _is_missing(entry: Any) -> bool:
    return entry is None or type(entry).__name__ == "NAType" or (isinstance(entry, float) and math.isnan(entry))


def _kind(series: Any) -> str:
    """The kind of a column; an empty one that could hold anything counts as text."""
    from pandas.api import types

    for word, test in (
        ("bools", types.is_bool_dtype),
        ("whole numbers", types.is_integer_dtype),
        ("floats", types.is_float_dtype),
    ):
        if test(series.dtype):
            return word
    values = series.tolist()
    if types.is_string_dtype(series.dtype) or all(isinstance(value, str) for value in values):
        return "text"
    return "objects"
