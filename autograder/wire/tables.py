"""What pandas makes: columns with their types, and the index.

frame                   {"p": [column, …], "l": index of the columns, "x": index}
series                  {"q": column, "l": label, "x": index}
index                   {"index": index}
array                   {"pandas": column}
Timestamp, Timedelta    {"timestamp": [number, unit, zone]}   {"elapsed": [number, unit]}
NaT, NA                 {"nat": 1}   {"na": 1}
column                  [dtype, values]
    values of NumPy's types         an array
    of "category"                   [array of codes, index of the categories, ordered]
    of datetimes with a zone        dtype "zoned", and [array of what they are in UTC, zone]
    of other types                  a list with None where one is missing
index                   [start, stop, step, name] of a range, [dtype, values, name], or ["multi", [column, …], [name, …]]
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from autograder.wire import arrays
from autograder.wire.containers import is_key
from autograder.wire.scalars import decode_zone, encode_zone
from autograder.wire.values import MAX_SIDES, Body, WireError

TAGS = {"p", "q", "index", "pandas", "timestamp", "elapsed", "nat", "na"}
_CHECKED: dict[str, tuple[type, ...]] = {
    "str": (str,), "string": (str,), "boolean": (bool,), "Float32": (float, int), "Float64": (float, int),
    **{f"{kind}{bits}": (int,) for kind in ("Int", "UInt") for bits in (8, 16, 32, 64)},
    **{f"{kind}{bits}[pyarrow]": (int,) for kind in ("int", "uint") for bits in (8, 16, 32, 64)},
    "double[pyarrow]": (float, int), "float[pyarrow]": (float, int), "bool[pyarrow]": (bool,),
    "string[pyarrow]": (str,), "large_string[pyarrow]": (str,),
}  # fmt: skip
"""Types that travel as lists, besides "object", and what stands in these."""
_UNITS = {"s", "ms", "us", "ns"}
_COST, _COLUMN_COST = 500_000, 50_000
"""Of a table, and of a column of it, in time, as if it were memory."""
_MAX_COLUMNS = 5000

Part = Callable[[Any], Any]


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


class _CannotBeSent(Exception):
    """The text says what it is."""


def encode(value: Any, part: Part) -> dict[str, Any] | None:
    """The header of something of pandas', whose parts `part` encodes; None for anything else."""
    kind = _kind(value)
    if not kind:
        return None
    try:
        return _encode(value, kind, part)
    except _CannotBeSent as what:
        return {"u": f"{kind} {what}".strip()[:100]}


def _kind(value: Any) -> str:
    """Which of the classes that this module knows `value` is of."""
    for cls in type(value).__mro__:
        if cls.__module__.partition(".")[0] == "pandas" and cls.__name__ in _ENCODERS:
            return cls.__name__
    return ""


def _encode(value: Any, kind: str, part: Part) -> dict[str, Any]:
    if hasattr(value, "size") and value.size > MAX_SIDES:
        raise _CannotBeSent(_rows(value))
    return _ENCODERS[kind](value, part)


def _rows(value: Any) -> str:
    return f"of {len(value)} rows, more than {MAX_SIDES:,} cells"


def _frame(value: Any, part: Part) -> dict[str, Any]:
    if len(value) > MAX_SIDES:
        raise _CannotBeSent(_rows(value))
    if value.shape[1] > _MAX_COLUMNS:
        raise _CannotBeSent(f"of {value.shape[1]} columns")
    index, labels = (
        _encode_index(value.index, part),
        _encode_index(value.columns, part),
    )  # read first, for their lengths
    return {"p": [_encode_column(column, part) for _, column in value.items()], "l": labels, "x": index}


def _series(value: Any, part: Part) -> dict[str, Any]:
    column, index = _encode_column(value, part), _encode_index(value.index, part)
    return {"q": column, "l": _label(value.name, part), "x": index}


def _timestamp(value: Any, part: Part) -> dict[str, Any]:
    zone = encode_zone(value)
    if zone is None and value.tzinfo is not None:
        raise _CannotBeSent("with a time zone of its own")
    return {"timestamp": [part(int(value.asm8.astype("int64"))), value.unit, zone]}


def _label(label: Any, part: Part) -> Any:
    header = part(label)
    if not is_key(header):
        raise _CannotBeSent("with a label that is no plain value")
    return header


def _encode_column(series: Any, part: Part) -> list[Any]:
    """The header of a Series, an Index or an array of pandas'."""
    import numpy as np

    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        if dtype.name not in arrays.ARRAY_TYPES:
            raise _CannotBeSent(f"of {dtype.name}")
        return [dtype.name, part(np.asarray(series))]
    name = str(dtype)
    if name == "category":
        held = getattr(series, "cat", series)
        return [name, [part(np.asarray(held.codes)), _encode_index(held.categories, part), bool(held.ordered)]]
    if name.startswith("datetime64[") and hasattr(dtype, "tz"):
        zone = encode_zone(SimpleNamespace(tzinfo=dtype.tz, utcoffset=lambda: dtype.tz.utcoffset(None)))
        if zone is None:
            raise _CannotBeSent("with a time zone of its own")
        values = getattr(series, "dt", series).tz_convert("UTC")
        plain = getattr(values, "dt", values).tz_localize(None)
        return ["zoned", [part(np.asarray(plain)), zone]]
    if name != "object" and name not in _CHECKED:
        raise _CannotBeSent(f"of {name}")
    values = series.tolist()
    if name != "object":
        gone = series.isna()
        values = [None if missing else item for item, missing in zip(values, gone, strict=True)]
    return [name, [part(item) for item in values]]


def _encode_index(index: Any, part: Part) -> list[Any]:
    import pandas as pd

    if isinstance(index, pd.MultiIndex):
        columns = [_encode_column(index.get_level_values(level), part) for level in range(index.nlevels)]
        return ["multi", columns, [_label(name, part) for name in index.names]]
    name = _label(index.name, part)
    if isinstance(index, pd.RangeIndex):
        return [int(index.start), int(index.stop), int(index.step), name]
    return [*_encode_column(index, part), name]


_ENCODERS: dict[str, Callable[[Any, Part], dict[str, Any]]] = {
    "DataFrame": _frame,
    "Series": _series,
    "Index": lambda value, part: {"index": _encode_index(value, part)},
    "ExtensionArray": lambda value, part: {"pandas": _encode_column(value, part)},
    "Timestamp": _timestamp,
    "Timedelta": lambda value, part: {"elapsed": [part(int(value.asm8.astype("int64"))), value.unit]},
    "NaTType": lambda *_: {"nat": 1},
    "NAType": lambda *_: {"na": 1},
}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(value: dict[str, Any], part: Part, body: Body) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    import pandas as pd

    tag = next(iter(value))
    if set(value) != ({tag, "l", "x"} if tag in {"p", "q"} else {tag}):
        raise WireError("a broken table")
    body.charge(600 if tag in {"timestamp", "elapsed", "nat", "na"} else _COST)
    try:
        return _decode(tag, value, part, body)
    except (ValueError, TypeError, OverflowError, AttributeError, RuntimeError, LookupError, OSError) as error:
        raise WireError(f"a broken table: {error}"[:200]) from None
    except (ArithmeticError, pd.errors.OutOfBoundsDatetime) as error:
        raise WireError(f"a broken table: {error}"[:200]) from None


def _decode(tag: str, value: dict[str, Any], part: Part, body: Body) -> Any:
    import pandas as pd

    content = value[tag]
    if tag == "p":
        return _decode_frame(value, part, body)
    if tag == "q":
        series, index = _decode_column(content, part, body), _decode_index(value["x"], part, body)
        if len(series) != len(index):
            raise WireError("a table with columns of different lengths")
        series.index = index
        return series.rename(_decode_label(value["l"], part))
    if tag == "index":
        return _decode_index(content, part, body)
    if tag == "pandas":
        return _decode_column(content, part, body).array
    if tag in {"nat", "na"}:
        return pd.NaT if tag == "nat" else pd.NA
    return _decode_time(tag, content, part)


def _decode_frame(value: dict[str, Any], part: Part, body: Body) -> Any:
    import pandas as pd

    content = value["p"]
    if type(content) is not list:
        raise WireError("a broken table")
    body.charge(_COLUMN_COST * len(content))
    index, labels = _decode_index(value["x"], part, body), _decode_index(value["l"], part, body)
    if len(labels) != len(content) or len(index) * max(1, len(content)) > MAX_SIDES:
        raise WireError("a broken table")
    made = [_decode_column(column, part, body) for column in content]
    if any(len(series) != len(index) for series in made):
        raise WireError("a table with columns of different lengths")
    for series in made:
        series.index = index
    frame = pd.DataFrame(dict(enumerate(made)), index=index)
    frame.columns = labels
    return frame


def _decode_time(tag: str, content: Any, part: Part) -> Any:
    import numpy as np
    import pandas as pd

    number, unit, *zone = content
    number = part(number)
    if type(number) is not int or type(unit) is not str or unit not in _UNITS or len(zone) != (tag == "timestamp"):
        raise WireError("a broken point in time")
    if tag == "elapsed":
        return pd.Timedelta(np.array(number, f"timedelta64[{unit}]")[()])
    moment, place = pd.Timestamp(np.array(number, f"datetime64[{unit}]")[()]), decode_zone(zone[0])
    return moment if place is None else moment.tz_localize("UTC").tz_convert(place)


def _decode_label(label: Any, part: Part) -> Any:
    if not is_key(label):
        raise WireError("a broken label")
    return part(label)


def _decode_column(column: Any, part: Part, body: Body) -> Any:
    import numpy as np
    import pandas as pd

    if type(column) is not list or len(column) != 2 or type(column[0]) is not str:
        raise WireError("a broken column")
    dtype, values = column
    if dtype == "category":
        return _decode_category(values, part, body)
    if dtype == "zoned":
        moments, zone = _decode_array(part(values[0]), "M"), decode_zone(values[1])
        return pd.Series(moments).dt.tz_localize("UTC").dt.tz_convert(zone)
    if dtype in arrays.ARRAY_TYPES:
        array = part(values)
        if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.name != dtype:
            raise WireError("a broken column")
        return pd.Series(_decode_array(array, array.dtype.kind))
    if type(values) is not list or len(values) > MAX_SIDES:
        raise WireError("a broken column")
    items = np.empty(len(values), dtype=object)
    for place, item in enumerate(values):
        items[place] = part(item)
    if dtype == "object":
        return pd.Series(items, dtype=object)
    allowed = _CHECKED[dtype]
    if not all(item is None or type(item) in allowed for item in items):
        raise WireError("a column of other things than it says")
    return pd.Series(items.tolist(), dtype=_arrow(dtype) if dtype.endswith("[pyarrow]") else dtype)


def _arrow(name: str) -> Any:
    """The dtype of that name; pandas itself takes "string[pyarrow]" for another one."""
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped,unused-ignore]

    name = name.removesuffix("[pyarrow]")
    return pd.ArrowDtype(getattr(pa, {"double": "float64", "float": "float32", "bool": "bool_"}.get(name, name))())


def _decode_array(array: Any, kind: str) -> Any:
    import numpy as np

    if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind != kind or len(array) > MAX_SIDES:
        raise WireError("a broken column")
    return array


def _decode_category(values: Any, part: Part, body: Body) -> Any:
    import pandas as pd

    codes, categories, ordered = values
    codes, categories = _decode_array(part(codes), "i"), _decode_index(categories, part, body)
    return pd.Series(pd.Categorical.from_codes(codes, categories=categories, ordered=ordered is True))


def _decode_index(index: Any, part: Part, body: Body) -> Any:
    import pandas as pd

    if type(index) is not list or len(index) not in {3, 4}:
        raise WireError("a broken index")
    if index[0] == "multi":
        columns, names = index[1], index[2]
        if type(columns) is not list or type(names) is not list or len(columns) * len(names) > MAX_SIDES or not columns:
            raise WireError("a broken index")
        made = [pd.Index(_decode_column(column, part, body)) for column in columns]
        return pd.MultiIndex.from_arrays(made, names=[_decode_label(name, part) for name in names])
    name = _decode_label(index[-1], part)
    if len(index) == 3:
        return pd.Index(_decode_column(index[:2], part, body), name=name)
    if not all(type(bound) is int and abs(bound) < 2**40 for bound in index[:3]) or not index[2]:
        raise WireError("a broken index")
    made_range = pd.RangeIndex(*index[:3], name=name)
    if len(made_range) > MAX_SIDES:
        raise WireError("a table with too many rows")
    body.charge_listed(len(made_range))
    return made_range
