"""pandas frames and series: columns with their types, and the index.

frame     {"p": [column, …], "l": [label, …], "x": index}
series    {"q": column, "l": label, "x": index}
column    [dtype, values]        values: an array, or a list with None where one is missing
index     [start, stop, step] of a range, or a column, each followed by its name
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.wire.values import Opaque, WireError

TAGS = {"p", "q"}
_LISTED = {
    "object", "str", "string", "category", "boolean", "Float32", "Float64",
    "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64",
}  # fmt: skip
"""Types that travel as lists; the others are NumPy's."""
_LABELS = (str, int, float, bool, type(None))

MAX_ROWS = 1 << 24
"""A range costs nothing, whatever its length: a frame without columns would be as long as it says."""

Part = Callable[[Any], Any]


def encode(value: Any, part: Part) -> dict[str, Any] | None:
    """The header of a frame or a series, whose parts `part` encodes; None for anything else."""
    kind = _kind(value)
    if not kind:
        return None
    index = _encode_index(value.index)
    if kind == "Series":
        column = _encode_column(value)
        if index is None or column is None or not isinstance(value.name, _LABELS):
            return {"u": f"Series of {value.dtype}"[:100]}
        return {"q": part(column), "l": value.name, "x": part(index)}
    labels = list(value.columns)
    columns = [_encode_column(column) for _, column in value.items()]
    if index is None or None in columns or not all(isinstance(label, _LABELS) for label in labels):
        return {"u": "DataFrame with an index, a column or a label that cannot be sent"}
    return {"p": [part(column) for column in columns], "l": part(labels), "x": part(index)}


def _kind(value: Any) -> str:
    for cls in type(value).__mro__:
        if cls.__module__.partition(".")[0] == "pandas" and cls.__name__ in {"DataFrame", "Series"}:
            return cls.__name__
    return ""


def _encode_column(series: Any) -> list[Any] | None:
    import numpy as np

    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return [str(dtype), series.to_numpy()] if dtype.kind in "biuf" else None
    if dtype.name not in _LISTED:
        return None
    values = series.tolist()
    if dtype.name != "object":
        values = [None if gone else item for item, gone in zip(values, series.array.isna(), strict=True)]
    return [dtype.name, values]


def _encode_index(index: Any) -> list[Any] | None:
    import pandas as pd

    if isinstance(index, pd.MultiIndex) or not isinstance(index.name, _LABELS):
        return None
    if isinstance(index, pd.RangeIndex):
        return [int(index.start), int(index.stop), int(index.step), index.name]
    column = _encode_column(index.to_series())
    return None if column is None else [*column, index.name]


def decode(value: dict[str, Any], part: Part) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    tag = next(iter(value))
    if set(value) != {tag, "l", "x"}:
        raise WireError("a broken table")
    import pandas as pd

    content = value[tag]
    if tag == "q":
        columns, labels = [part(content)], [value["l"]]
    else:
        if type(content) is not list or type(value["l"]) is not list or len(content) != len(value["l"]):
            raise WireError("a broken table")
        columns, labels = [part(column) for column in content], [part(label) for label in value["l"]]
    if not all(type(label) in _LABELS for label in labels):
        raise WireError("a broken label")
    try:
        index = _decode_index(part(value["x"]))
        made = [_decode_column(column) for column in columns]
        if any(len(series) != len(index) for series in made):
            raise WireError("a table with columns of different lengths")
        for series in made:
            series.index = index
        if tag == "q":
            return made[0].rename(labels[0])
        frame = pd.DataFrame(dict(enumerate(made)), index=index)
        frame.columns = pd.Index(labels, dtype=None if labels else object)
    except (ValueError, TypeError, OverflowError, AttributeError, RuntimeError, LookupError) as error:
        raise WireError(f"a broken table: {error}"[:200]) from None
    return frame


def _decode_column(column: Any) -> Any:
    import numpy as np
    import pandas as pd

    if type(column) is not list or len(column) != 2 or type(column[0]) is not str:
        raise WireError("a broken column")
    dtype, values = column
    if dtype in _LISTED and type(values) is list:
        if any(isinstance(item, Opaque) for item in values):
            raise WireError("a column with objects")
        return pd.Series(values, dtype=dtype)
    if not isinstance(values, np.ndarray) or values.ndim != 1 or str(values.dtype) != dtype:
        raise WireError("a broken column")
    return pd.Series(values)


def _decode_index(index: Any) -> Any:
    import pandas as pd

    if type(index) is not list or len(index) not in {3, 4} or type(index[-1]) not in _LABELS:
        raise WireError("a broken index")
    if len(index) == 3:
        return pd.Index(_decode_column(index[:2]), name=index[2])
    if not all(type(bound) is int and abs(bound) < 2**40 for bound in index[:3]) or not index[2]:
        raise WireError("a broken index")
    made = pd.RangeIndex(*index[:3], name=index[3])
    if len(made) > MAX_ROWS:
        raise WireError("a table with too many rows")
    return made
