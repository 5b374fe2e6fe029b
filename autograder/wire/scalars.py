"""Single values beyond None, bool, int, float and str.

    value                               header
    -----                               ------
    text with lone surrogates, or long  {"str": bytes of it}
    bytes, bytearray, memoryview        {"b": length}   {"bytearray": length}   {"memoryview": length}
    larger int, non-finite float        {"i": "0x…"}   {"f": "nan" | "inf" | "-inf"}
    complex, Fraction, Decimal          {"complex": [re, im]}   {"fraction": [n, d]}   {"decimal": text}
    date, time, datetime, timedelta     {"date": […]}   {"time": […, fold, zone]}   {"datetime": […, fold, zone]}   {"timedelta": […]}
    range, slice                        {"range": [start, stop, step]}   {"slice": [start, stop, step]}
    Ellipsis, NotImplemented            {"constant": name}
    pathlib.Path                        {"path": text}
    torch.dtype, device, Size           {"dtype": name}   {"device": [type, index]}   {"size": sides}
    numpy.dtype                         {"npdtype": name}

A zone is null, a number of microseconds or the key of an IANA time zone."""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.wire import arrays
from autograder.wire.values import MAX_SIDES, Body, WireError

SAFE_INT = 2**53
MAX_INT_DIGITS = 3500
"""Of an integer, in base 16: below the 4300 decimal digits that Python turns into text."""
LONG_TEXT = 1 << 16
"""From so many characters on, text travels in the body."""
_DECIMAL = re.compile(r"-?(?:[0-9]{1,4000}(?:\.[0-9]{0,4000})?(?:E[+-][0-9]{1,4})?|NaN|Infinity)")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_DEVICES = {"cpu", "cuda", "mps", "xpu", "meta"}
_CONSTANTS = {"Ellipsis": ..., "NotImplemented": NotImplemented}

Part = Callable[[Any], Any]


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(value: Any, body: list[bytes], part: Part) -> dict[str, Any] | None:
    """The header of `value`; None for what is none of these."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _encode_bytes(value, body)
    if isinstance(value, complex):
        number = complex(value)
        return {"complex": [part(number.real), part(number.imag)]}
    if isinstance(value, Fraction):
        return _pair("fraction", [encode_int(value.numerator), encode_int(value.denominator)])
    if isinstance(value, Decimal):
        text = str(Decimal(value))
        return {"decimal": text} if _DECIMAL.fullmatch(text) else {"u": "Decimal that is too large"}
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return _encode_time(value)
    if isinstance(value, (range, slice)):
        return _encode_range(value, part)
    if value is ... or value is NotImplemented:
        return {"constant": repr(value)}
    if isinstance(value, type(Path())):
        return {"path": part(str(value))}
    return _encode_torch(value)


def encode_text(text: str, body: list[bytes]) -> Any:
    """`text`, which is an exact str, itself where JSON brings it back as it is."""
    if len(text) < LONG_TEXT and (text.isascii() or is_plain_text(text)):
        return text
    data = text.encode("utf-8", "surrogatepass")
    body.append(data)
    return {"str": len(data)}


def is_plain_text(text: str) -> bool:
    """Whether JSON brings `text` back as it is: of two lone surrogates it would make one character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def encode_int(number: int) -> Any:
    if -SAFE_INT <= number <= SAFE_INT:
        return number
    return {"i": hex(number)} if number.bit_length() <= 4 * MAX_INT_DIGITS else {"u": "int that is too large"}


def _pair(tag: str, numbers: list[Any]) -> dict[str, Any]:
    return next((one for one in numbers if type(one) is dict and "u" in one), {tag: numbers})


def _encode_bytes(value: Any, body: list[bytes]) -> dict[str, Any]:
    if isinstance(value, memoryview) and (value.format != "B" or value.ndim != 1):
        return {"u": "memoryview of numbers"}
    data = bytes(value)
    body.append(data)
    tag = "b" if isinstance(value, bytes) else "bytearray" if isinstance(value, bytearray) else "memoryview"
    return {tag: len(data)}


def _encode_time(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dt.timedelta):
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    if not isinstance(value, (dt.datetime, dt.time)):
        return {"date": [value.year, value.month, value.day]}
    zone = encode_zone(value)
    clock = [value.hour, value.minute, value.second, value.microsecond, value.fold, zone]
    if zone is None and value.tzinfo is not None:
        return {"u": f"{type(value).__name__} with a time zone of its own"}
    return {"datetime": [value.year, value.month, value.day, *clock]} if isinstance(value, dt.date) else {"time": clock}


def encode_zone(value: Any) -> Any:
    """The time zone of a datetime or time; None where there is none, or where nothing can be said of it."""
    key = getattr(value.tzinfo, "key", None) or getattr(value.tzinfo, "zone", None)
    if type(key) is str and _ZONE.fullmatch(key):
        return key
    offset = value.utcoffset()
    return None if offset is None else offset // dt.timedelta(microseconds=1)


def _encode_range(value: Any, part: Part) -> dict[str, Any]:
    ends = [value.start, value.stop, value.step]
    if isinstance(value, slice):
        plain = all(end is None or isinstance(end, (int, str, float)) for end in ends)
        return {"slice": [part(end) for end in ends]} if plain else {"u": "slice of other things than numbers"}
    if _is_short(value):
        return _pair("range", [encode_int(int(end)) for end in ends])
    return {"u": "range that is too long"}


def _is_short(numbers: range) -> bool:
    """Whether `numbers` may be listed; its len() fails beyond sys.maxsize."""
    return numbers == range(0) or abs(numbers.stop - numbers.start) // abs(numbers.step) < MAX_SIDES


def _encode_torch(value: Any) -> dict[str, Any] | None:
    kind = type(value)
    if kind.__module__ == "torch":
        if kind.__name__ == "dtype":
            return {"dtype": str(value).removeprefix("torch.")}
        if kind.__name__ == "device":
            return {"device": [value.type, value.index]} if value.type in _DEVICES else None
        if kind.__name__ == "Size":
            return {"size": [int(side) for side in value]}
    if kind.__module__.startswith("numpy") and arrays.is_dtype(value):
        return {"npdtype": value.name} if value.name in arrays.ARRAY_TYPES else {"u": "NumPy dtype"}
    return None


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(tag: str, content: Any, body: Body, part: Part) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    body.charge(100)
    try:
        return _DECODERS[tag](content, body, part)
    except (ValueError, TypeError, OverflowError, ArithmeticError, LookupError, InvalidOperation, OSError) as error:
        raise WireError(f"a broken {tag}: {error}"[:200]) from None


def _refuse() -> Any:
    raise ValueError("not in the format")


def _whole(numbers: Any, *counts: int) -> list[int]:
    """`numbers` if it is a list of so many ints."""
    if type(numbers) is not list or len(numbers) not in counts or not all(type(one) is int for one in numbers):
        _refuse()
    return list(numbers)


def _taken(length: Any, body: Body) -> bytes:
    return bytes(body.take(length if type(length) is int else _refuse()))


def _integer(content: Any) -> int:
    if type(content) is str and len(content) <= MAX_INT_DIGITS + 3:
        return int(content, 16)
    return int(_refuse())


def _float(content: Any) -> float:
    return float(content) if type(content) is str and content in {"nan", "inf", "-inf"} else float(_refuse())


def _complex(content: Any, _: Body, part: Part) -> complex:
    if type(content) is not list or len(content) != 2:
        _refuse()
    real, imaginary = (part(one) for one in content)
    return complex(real, imaginary) if type(real) is type(imaginary) is float else complex(_refuse())


def _fraction(content: Any, _: Body, part: Part) -> Fraction:
    above, below = _whole([part(one) for one in content] if type(content) is list else None, 2)
    return Fraction(above, below)


def _decimal(content: Any) -> Decimal:
    return Decimal(content if type(content) is str and _DECIMAL.fullmatch(content) else _refuse())


def decode_zone(zone: Any) -> dt.tzinfo | None:
    """What `encode_zone` wrote."""
    if zone is None:
        return None
    if type(zone) is int:
        return dt.timezone(dt.timedelta(microseconds=zone)) if abs(zone) < 86_400_000_000 else _refuse()
    if type(zone) is not str or len(zone) > 64 or not _ZONE.fullmatch(zone):
        _refuse()
    return dt.UTC if zone == "UTC" else zoneinfo.ZoneInfo(zone)


def _datetime(content: Any, *_: Any) -> dt.datetime:
    if type(content) is not list or len(content) != 9:
        _refuse()
    *numbers, fold = _whole(content[:8], 8)
    return dt.datetime(*numbers, fold=fold, tzinfo=decode_zone(content[8]))  # type: ignore[arg-type,misc]


def _time(content: Any, *_: Any) -> dt.time:
    if type(content) is not list or len(content) != 6:
        _refuse()
    hour, minute, second, microsecond, fold = _whole(content[:5], 5)
    return dt.time(hour, minute, second, microsecond, fold=fold, tzinfo=decode_zone(content[5]))


def _range(content: Any, body: Body, part: Part) -> range:
    made = range(*_whole([part(one) for one in content] if type(content) is list else None, 3))
    if not _is_short(made):
        _refuse()
    body.charge_listed(len(made))
    return made


def _slice(content: Any, _: Body, part: Part) -> slice:
    if type(content) is not list or len(content) != 3:
        _refuse()
    ends = [part(one) for one in content]
    return slice(*ends) if all(isinstance(end, (int, float, str, type(None))) for end in ends) else _refuse()


def _path(content: Any, _: Body, part: Part) -> Path:
    text = part(content)
    return Path(text) if type(text) is str and len(text) < LONG_TEXT else _refuse()


def _torch_dtype(name: Any) -> Any:
    import torch

    found = getattr(torch, name, None) if type(name) is str and name.isidentifier() else None
    return found if isinstance(found, torch.dtype) else _refuse()


def _device(content: Any) -> Any:
    import torch

    name, index = content if type(content) is list and len(content) == 2 else _refuse()
    if (
        type(name) is not str
        or name not in _DEVICES
        or not (index is None or (type(index) is int and 0 <= index < 128))
    ):
        _refuse()
    return torch.device(name) if index is None else torch.device(name, index)


def _size(content: Any) -> Any:
    import torch

    return torch.Size(arrays.decode_shape(content))


def _numpy_dtype(name: Any) -> Any:
    import numpy as np

    return np.dtype(name) if type(name) is str and name in arrays.ARRAY_TYPES else _refuse()


_DECODERS: dict[str, Callable[[Any, Body, Part], Any]] = {
    "str": lambda content, body, _: _taken(content, body).decode("utf-8", "surrogatepass"),
    "b": lambda content, body, _: _taken(content, body),
    "bytearray": lambda content, body, _: bytearray(_taken(content, body)),
    "memoryview": lambda content, body, _: memoryview(_taken(content, body)),
    "i": lambda content, *_: _integer(content),
    "f": lambda content, *_: _float(content),
    "complex": _complex,
    "fraction": _fraction,
    "decimal": lambda content, *_: _decimal(content),
    "date": lambda content, *_: dt.date(*_whole(content, 3)),
    "time": _time,
    "datetime": _datetime,
    "timedelta": lambda content, *_: dt.timedelta(*_whole(content, 3)),
    "range": _range,
    "slice": _slice,
    "constant": lambda content, *_: _CONSTANTS[content if type(content) is str else _refuse()],
    "path": _path,
    "dtype": lambda content, *_: _torch_dtype(content),
    "device": lambda content, *_: _device(content),
    "size": lambda content, *_: _size(content),
    "npdtype": lambda content, *_: _numpy_dtype(content),
}
TAGS = frozenset(_DECODERS)
KEYS = TAGS - {"bytearray", "memoryview", "slice"}
"""The tags of what can be a key of a mapping."""


def encode_float(number: float) -> Any:
    return number if math.isfinite(number) else {"f": repr(number)}
