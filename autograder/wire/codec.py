"""A message ↔ a frame: two big-endian u32 lengths, a JSON header and a body of raw buffers that the header points into.

    value   header
    -----   ------
    None, bool, str, finite float, int within ±2**53        itself
    larger int, non-finite float                             {"i": "0x…"}   {"f": "nan" | "inf" | "-inf"}
    bytes                                                    {"b": length}
    list, tuple                                              [values]
    mapping with str keys                                    {"d": [[key, value], …]}
    tensor, array, NumPy scalar, image                       see `arrays`
    frame, series                                            see `tables`
    an object that both sides build for themselves           {"r": specification}
    anything else                                            {"u": name of its type}

Buffers follow each other in the order in which the header names them, so no offset is ever believed.  Lengths are checked before
anything is allocated.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

from autograder.wire import arrays, tables
from autograder.wire.values import Body, Opaque, Reference, WireError

HEADER_CAP = 8 << 20
MAX_DEPTH = 40
LENGTHS = struct.Struct(">II")
_SAFE_INT = 2**53
MAX_INT_DIGITS = 3500
"""Of an integer, in base 16: below the 4300 decimal digits that Python turns into text."""
_PLAIN = (int, float, list, tuple, dict)

_to_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
Refer = Callable[[Any], dict[str, Any] | None]


def _no_references(_: Any) -> None:
    return None


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(message: Mapping[str, Any], refer: Refer = _no_references) -> bytes:
    """One frame.  `refer(value)` gives the specification of a value that travels by reference, else None."""
    body: list[bytes] = []
    header = {key: _encode(value, body, refer, 0) for key, value in message.items()}
    text = _to_json(header).encode()
    if len(text) > HEADER_CAP:
        raise WireError(f"a header of {len(text)} bytes is over {HEADER_CAP}")
    return b"".join((LENGTHS.pack(len(text), sum(map(len, body))), text, *body))


def header(frame: bytes) -> bytes:
    """The header of a whole frame."""
    length, _ = LENGTHS.unpack_from(frame)
    return frame[LENGTHS.size : LENGTHS.size + length]


def _encode(value: Any, body: list[bytes], refer: Refer, depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if depth > MAX_DEPTH:
        raise WireError("nested too deeply")
    if kind not in _PLAIN:
        spec = value.spec if kind is Reference else refer(value)
        if spec is not None:
            return {"r": _encode(spec, body, refer, depth + 1)}
    if isinstance(value, str):
        return str.__str__(value)
    if kind.__module__ == "numpy":  # NumPy's float64 is a Python float too, and would pass for one
        return arrays.encode(value, body) or {"u": kind.__name__}
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return _encode_int(int(value))
    if isinstance(value, float):
        number_f = float(value)
        return number_f if math.isfinite(number_f) else {"f": repr(number_f)}
    if isinstance(value, (bytes, bytearray)):
        body.append(bytes(value))
        return {"b": len(value)}
    if isinstance(value, (list, tuple)):
        return [_encode(item, body, refer, depth + 1) for item in value]
    if isinstance(value, Opaque):
        return {"u": value.type_name}
    if isinstance(value, Mapping):
        return _encode_mapping(value, lambda part: _encode(part, body, refer, depth + 1))
    encoded = arrays.encode(value, body)
    if encoded is None:
        encoded = tables.encode(value, lambda part: _encode(part, body, refer, depth + 1))
    return {"u": kind.__name__[:100]} if encoded is None else encoded


def _encode_mapping(value: Mapping[Any, Any], part: Callable[[Any], Any]) -> Any:
    if not all(isinstance(key, str) for key in value):
        return {"u": f"{type(value).__name__[:100]} with keys that are not strings"}
    return {"d": [[str(key), part(item)] for key, item in value.items()]}


def _encode_int(number: int) -> Any:
    if -_SAFE_INT <= number <= _SAFE_INT:
        return number
    return {"i": hex(number)} if number.bit_length() <= 4 * MAX_INT_DIGITS else {"u": "int that is too large"}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(header: bytes | bytearray, body: bytes | bytearray) -> dict[str, Any]:
    """The message of a frame.  References come back as `Reference`, what could not be sent as `Opaque`.

    Raises WireError for whatever is not in the format.  Numbers are read in spellings that `encode` does not use, too: a plain integer
    beyond ±2**53 is that integer, and 1e999 an infinity, neither of which says more than its own spelling would."""
    try:
        tree = _from_json(header.decode())
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a header: {error}"[:200]) from None
    if type(tree) is not dict:
        raise WireError("a header must be an object")
    buffers = Body(body)
    message = {key: _decode(value, buffers, 0) for key, value in tree.items()}
    if buffers.position != len(body):
        raise WireError("a frame has bytes that no value owns")
    return message


def _refuse(constant: str) -> Any:
    raise WireError(f"{constant} in a header")


_from_json = json.JSONDecoder(parse_constant=_refuse).decode


def _decode(value: Any, body: Body, depth: int) -> Any:
    if depth > MAX_DEPTH + 2:
        raise WireError("nested too deeply")
    if type(value) is list:
        return [_decode(item, body, depth + 1) for item in value]
    if type(value) is not dict:
        return value
    tag = next(iter(value), None)
    if tag == "d" and len(value) == 1:
        return _decode_mapping(value["d"], body, depth)
    if tag in arrays.TAGS:
        return arrays.decode(value, body)
    if tag in tables.TAGS:
        return tables.decode(value, lambda part: _decode(part, body, depth + 1))
    if len(value) != 1:
        raise WireError("a tagged value has one tag")
    content = value[tag]
    if tag == "r":
        spec = _decode(content, body, depth + 1)
        if type(spec) is not dict:
            raise WireError("a reference needs a specification")
        return Reference(spec)
    if tag == "b" and type(content) is int:
        return bytes(body.take(content))
    if tag == "f" and type(content) is str and content in {"nan", "inf", "-inf"}:
        return float(content)
    if tag == "i" and type(content) is str and len(content) <= MAX_INT_DIGITS + 3:
        try:
            return int(content, 16)
        except ValueError:
            raise WireError("not an integer") from None
    if tag == "u" and type(content) is str:
        return Opaque(content[:200])
    raise WireError(f"unknown tag {str(tag)[:20]!r}")


def _decode_mapping(pairs: Any, body: Body, depth: int) -> dict[str, Any]:
    if type(pairs) is not list:
        raise WireError("a mapping is a list of pairs")
    result: dict[str, Any] = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise WireError("a mapping is a list of pairs")
        result[pair[0]] = _decode(pair[1], body, depth + 1)
    return result
