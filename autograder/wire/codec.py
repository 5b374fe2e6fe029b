"""A message ↔ a frame: two big-endian u32 lengths, a JSON header and a body of raw buffers that the header points into.

    value   header
    -----   ------
    None, bool, str, finite float, int within ±2**53        itself
    list                                                     [values]
    mapping with text for keys                               {"d": [[key, value], …]}
    other numbers, text, bytes, dates, ranges, …             see `scalars`
    tuple, set, other mappings, records, …                   see `containers`
    tensor, array, NumPy scalar, image                       see `arrays`
    what pandas makes                                        see `tables`
    an object that both sides build for themselves           {"r": specification}
    anything else                                            {"u": what it is, see `refused`}

Buffers follow each other in the order in which the header names them, so no offset is ever believed.  Lengths are checked before
anything is allocated.
"""

from __future__ import annotations

import gc
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

from autograder.wire import arrays, containers, refused, scalars, tables
from autograder.wire.values import Body, Opaque, Reference, TooMuchError, WireError

HEADER_CAP = 8 << 20
MAX_CONTAINERS = 1 << 20
"""Brackets in a header: each list is dearer than the two bytes that it takes there."""
MAX_DEPTH = 40
_LONG_HEADER = 1 << 20
LENGTHS = struct.Struct(">II")
_INFINITY = float("inf")
_LIST_COST, _MAPPING_COST, _PAIR_COST = 150, 600, 250
"""Bytes that a list, a mapping and one entry of a mapping take in memory: the parsed JSON and the value made of it, together."""

_to_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
Refer = Callable[[Any], dict[str, Any] | None]


def _no_references(_: Any) -> None:
    return None


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(message: Mapping[str, Any], refer: Refer = _no_references, *, body_cap: int | None = None) -> bytes:
    """One frame.  `refer(value)` gives the specification of a value that travels by reference, else None.

    Raises WireError for what is nested too deeply, a header over HEADER_CAP or a body over `body_cap` bytes."""
    body: list[bytes] = []
    header = {key: _encode(value, body, refer, 0) for key, value in message.items()}
    text = _to_json(header).encode()
    if len(text) > HEADER_CAP:
        raise WireError(f"a header of {len(text)} bytes is over {HEADER_CAP}")
    length = sum(map(len, body))
    if body_cap is not None and length > body_cap:
        raise WireError(f"a body of {length} bytes is over {body_cap}")
    return b"".join((LENGTHS.pack(len(text), length), text, *body))


def header(frame: bytes) -> bytes:
    """The header of a whole frame."""
    return parts(frame)[0]


def parts(frame: bytes) -> tuple[bytes, bytes]:
    """The header and the body of a whole frame."""
    length, _ = LENGTHS.unpack_from(frame)
    start = LENGTHS.size + length
    return frame[LENGTHS.size : start], frame[start:]


def _encode(value: Any, body: list[bytes], refer: Refer, depth: int) -> Any:
    kind = type(value)
    if kind is float:
        return value if -_INFINITY < value < _INFINITY else {"f": repr(value)}
    if kind is str:
        return value if len(value) < 1000 and value.isascii() else scalars.encode_text(value, body)
    if kind is int:
        return value if -scalars.SAFE_INT <= value <= scalars.SAFE_INT else scalars.encode_int(value)
    if value is None or kind is bool:
        return value
    if depth > MAX_DEPTH:
        raise WireError("nested too deeply")
    if kind is list:
        return [_encode(item, body, refer, depth + 1) for item in value]
    if kind is dict:
        return _encode_mapping(value, body, refer, depth)
    if kind is tuple:
        return {"tuple": [_encode(item, body, refer, depth + 1) for item in value]}
    spec = value.spec if kind is Reference else refer(value)
    if spec is not None:
        return {"r": _encode(spec, body, refer, depth + 1)}
    return _encode_other(value, body, refer, depth)


def _encode_other(value: Any, body: list[bytes], refer: Refer, depth: int) -> Any:
    """A subclass of a plain type, as that type, or something else."""

    def part(item: Any) -> Any:
        return _encode(item, body, refer, depth + 1)

    module = type(value).__module__.partition(".")[0]
    encoded: Any = None
    if module in {"numpy", "torch"}:  # NumPy's float64 is a Python float too, and would pass for one
        encoded = arrays.encode(value, body, part)
    elif module == "pandas":  # a Timestamp is a datetime too
        encoded = tables.encode(value, part)
    elif isinstance(value, Opaque):
        return {"u": value.type_name}
    if encoded is not None:
        return encoded
    if isinstance(value, str):
        return scalars.encode_text(str.__str__(value), body)
    if isinstance(value, int):
        return scalars.encode_int(int(value))
    if isinstance(value, float):
        return scalars.encode_float(float(value))
    if isinstance(value, list):
        return [part(item) for item in value]
    if isinstance(value, Mapping):
        return _encode_mapping(value, body, refer, depth)
    for encoder in (scalars.encode, containers.encode, arrays.encode):
        encoded = encoder(value, body, part)
        if encoded is not None:
            return encoded
    encoded = tables.encode(value, part)
    return {"u": refused.what(value)} if encoded is None else encoded


def _encode_mapping(value: Mapping[Any, Any], body: list[bytes], refer: Refer, depth: int) -> Any:
    start, pairs = len(body), []
    for key, item in value.items():
        if type(key) is not str or not (key.isascii() or scalars.is_plain_text(key)):
            del body[start:]
            return containers.encode(value, body, lambda part: _encode(part, body, refer, depth + 1))
        pairs.append([key, _encode(item, body, refer, depth + 1)])
    return {"d": pairs}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(header: bytes | bytearray, body: bytes | bytearray) -> dict[str, Any]:
    """The message of a frame.  References come back as `Reference`, what could not be sent as `Opaque`.

    Raises WireError for whatever is not in the format.  Numbers are read in spellings that `encode` does not use, too: a plain integer
    beyond ±2**53 is that integer, and 1e999 an infinity, neither of which says more than its own spelling would."""
    if header.count(b"[") + header.count(b"{") > MAX_CONTAINERS:
        raise TooMuchError("a frame of too many lists")
    try:
        tree = _parsed(header.decode())
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
_TREES = {dict, list}


def _parsed(text: str) -> Any:
    """The tree of a header.  JSON has no cycles, so the garbage collector would look at a long one again and again for nothing."""
    if len(text) < _LONG_HEADER or not gc.isenabled():
        return _from_json(text)
    gc.disable()
    try:
        return _from_json(text)
    finally:
        gc.enable()


def _decode(value: Any, body: Body, depth: int) -> Any:
    if depth > MAX_DEPTH + 2:
        raise WireError("nested too deeply")
    if type(value) is list:
        body.charge(_LIST_COST)
        return [_decode(item, body, depth + 1) if type(item) in _TREES else item for item in value]
    if type(value) is not dict:
        return value
    tag = next(iter(value), None)
    if tag == "d" and len(value) == 1:
        return _decode_mapping(value["d"], body, depth)

    def part(item: Any) -> Any:
        return _decode(item, body, depth + 1)

    if tag in arrays.TAGS:
        return arrays.decode(value, body, part)
    if tag in tables.TAGS:
        return tables.decode(value, part, body)
    if len(value) != 1:
        raise WireError("a tagged value has one tag")
    content = value[tag]
    if tag in containers.TAGS:
        return containers.decode(tag, content, part, body.charge)
    if tag in scalars.TAGS:
        return scalars.decode(tag, content, body, part)
    if tag == "r":
        spec = part(content)
        if type(spec) is not dict:
            raise WireError("a reference needs a specification")
        return Reference(spec)
    if tag == "u" and type(content) is str:
        return Opaque(containers.plain_name(content))
    raise WireError(f"unknown tag {str(tag)[:20]!r}")


def _decode_mapping(pairs: Any, body: Body, depth: int) -> dict[str, Any]:
    if type(pairs) is not list:
        raise WireError("a mapping is a list of pairs")
    body.charge(_MAPPING_COST + _PAIR_COST * len(pairs))
    result: dict[str, Any] = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise WireError("a mapping is a list of pairs")
        result[pair[0]] = _decode(pair[1], body, depth + 1)
    return result
