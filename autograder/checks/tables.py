"""Comparisons of tables, by value; what is right in another form is noted (`forms`)."""

from __future__ import annotations

import math
from typing import Any

from autograder.checks import relations
from autograder.checks.authoring import Mismatch
from autograder.checks.comparing import near
from autograder.checks.forms import slip
from autograder.wire.words import a_kind, difference, show


def same_table(
    answer: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9, ordered: bool = False, strict: bool = False
) -> None:
    """`answer` is a pandas frame with `expected`'s columns, its index, its values and its kinds of dtype (whole numbers, floats, bools,
    text), with what is missing in the same places; the width of a number, the way in which text is stored and which of None, NaN and NA
    stands for what is missing are free.

    Extra columns, their order, a reset index, another kind of dtype for the same values, a list of rows instead of a frame and, unless
    `ordered`, the order of rows are forms; with `strict` they fail."""
    __tracebackhide__ = True
    slips: list[tuple[str, str]] = []
    frame = _as_frame(answer, expected, slips)
    frame = _with_columns(frame, expected, slips)
    if len(frame) != len(expected):
        raise Mismatch(f"returned {len(frame)} rows; expected {len(expected)}")
    frame = _in_order(frame, expected, slips, rtol, atol, ordered=ordered)
    wrong = _wrong_cell(frame, expected, rtol, atol)
    if wrong:
        raise Mismatch(wrong)
    for name in expected.columns:
        wanted, got = _kind(expected[name]), _kind(frame[name])
        if got != wanted:
            slips.append((f"{wanted} in the column {name!r}", f"{got} ({frame[name].dtype})"))
    for asked, got in dict.fromkeys(slips):
        slip(asked, got, strict=strict)


def _as_frame(answer: Any, expected: Any, slips: list[tuple[str, str]]) -> Any:
    __tracebackhide__ = True
    import pandas as pd

    if isinstance(answer, pd.DataFrame):
        return answer
    if isinstance(answer, (list, tuple)) and not answer:
        slips.append(("a DataFrame", a_kind(answer)))
        return expected.iloc[:0]
    rows = isinstance(answer, (list, tuple)) and all(isinstance(row, dict) for row in answer)
    if isinstance(answer, dict) or rows:
        try:
            frame = pd.DataFrame(answer)
        except (ValueError, TypeError):
            frame = None
        if frame is not None:
            slips.append(("a DataFrame", a_kind(answer)))
            return frame
    if isinstance(answer, pd.Series):
        slips.append(("a DataFrame", "a Series"))
        return answer.to_frame()
    raise Mismatch(f"returned {a_kind(answer)}; expected a DataFrame")


def _with_columns(frame: Any, expected: Any, slips: list[tuple[str, str]]) -> Any:
    """`frame` with the expected columns only, in their order."""
    __tracebackhide__ = True
    wanted, found = list(expected.columns), list(frame.columns)
    if found == wanted:
        return frame
    by_case = {str(name).strip().lower(): name for name in found}
    own = {name: name if name in found else by_case.get(str(name).lower()) for name in wanted}
    if None in own.values() or len(set(found)) != len(found):
        raise Mismatch(f"returned the columns {show(found)}; expected {show(wanted)}")
    renamed = [name for name in own.values() if name not in wanted]
    extra = [name for name in found if name not in own.values()]
    if renamed:
        slips.append((f"the columns {show(wanted)}", f"the columns {show(found)}"))
    elif extra:
        slips.append((f"the columns {show(wanted)}", f"also {show(extra)}"))
    else:
        slips.append((f"the columns {show(wanted)} in this order", f"the order {show(found)}"))
    chosen = frame[list(own.values())]
    return chosen.set_axis(wanted, axis=1)


def _in_order(
    frame: Any, expected: Any, slips: list[tuple[str, str]], rtol: float, atol: float, *, ordered: bool
) -> Any:
    """`frame` with the expected index: as it is, after a reset, or in the order of the expected rows."""
    __tracebackhide__ = True
    labels, wanted = frame.index.tolist(), expected.index.tolist()
    if len(labels) == len(wanted) and all(map(_alike, labels, wanted)):
        return frame
    counted = list(range(len(wanted)))
    # Other labels name other rows, even rows with the same content.
    is_reset = counted in (labels, wanted)
    if is_reset and not _wrong_cell(frame.set_axis(expected.index, axis=0), expected, rtol, atol):
        slips.append((f"the index {show(wanted)}", f"the index {show(labels)}"))
        return frame.set_axis(expected.index, axis=0)
    if not ordered and len(set(labels)) == len(labels) and set(labels) == set(wanted):
        slips.append(("the rows in their order", "the same rows in another order"))
        return frame.loc[wanted]
    relation = relations.of_sequences(labels, wanted)
    raise Mismatch(f"returned the rows with the index {show(labels)}; expected {show(wanted)}{relation}")


def _wrong_cell(frame: Any, expected: Any, rtol: float, atol: float) -> str:
    """The first cell with another value, in words, or nothing."""
    for name in expected.columns:
        for row, one, other in zip(expected.index.tolist(), frame[name].tolist(), expected[name].tolist(), strict=True):
            if not _same_cell(one, other, rtol, atol):
                got, should = difference(one, other, rtol=rtol, atol=atol)
                return f"returned {got} in row {row!r} of column {name!r}; expected {should}"
    return ""


def _same_cell(one: Any, other: Any, rtol: float, atol: float) -> bool:
    numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
    if not numbers or _is_missing(one) or _is_missing(other):
        return _alike(one, other)
    return near(float(one), float(other), rtol, atol) if isinstance(other, float) else bool(one == other)


def _alike(one: Any, other: Any) -> bool:
    if _is_missing(one) or _is_missing(other):
        return _is_missing(one) and _is_missing(other)
    return bool(one == other)


def _is_missing(entry: Any) -> bool:
    return (
        entry is None
        or type(entry).__name__ in {"NAType", "NaTType"}
        or (isinstance(entry, float) and math.isnan(entry))
    )


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
