"""Frames and the codec between the trusted side and a worker: plain data only, decoded strictly.

A frame is two big-endian u32 lengths, a JSON header and a body of raw buffers that the header points into:

    value   header
    -----   ------
    None, bool, str, finite float, int within ±2**53        itself
    larger int, non-finite float                             {"i": "0x…"}   {"f": "nan" | "inf" | "-inf"}
    bytes                                                    {"b": length}
    list, tuple                                              [values]
    mapping with str keys                                    {"d": [[key, value], …]}
    tensor, array                                            {"t" | "a": dtype, "s": shape, "g": requires grad}
    an object that both sides build for themselves           {"r": specification}
    anything else                                            {"u": name of its type}

Buffers follow each other in the order in which the header names them, so no offset is ever believed.  Lengths are checked before
anything is allocated.  Nothing here evaluates, imports or unpickles what it reads.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HEADER_CAP = 8 << 20
MAX_DEPTH = 40
MAX_DIMS = 16
_LENGTHS = struct.Struct(">II")
_SAFE_INT = 2**53
_TENSOR_TYPES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8,
}  # fmt: skip
_ARRAY_TYPES = {name: size for name, size in _TENSOR_TYPES.items() if name != "bfloat16"}


class WireError(Exception):
    """The other side broke the format: wrong lengths, unknown tags, too large, too deep."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that does not cross the wire: all that is known of it is its type's name."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that the receiver builds or finds by itself from plain data (a course model, a seeded tiny model)."""

    spec: dict[str, Any]


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(message: Mapping[str, Any], refer: Callable[[Any], dict[str, Any] | None] = lambda _: None) -> bytes:
    """One frame.  `refer(value)` gives the specification of a value that travels by reference, else None."""
    body: list[bytes] = []
    header = {key: _encode(value, body, refer, 0) for key, value in message.items()}
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    if len(text) > HEADER_CAP:
        raise WireError(f"a header of {len(text)} bytes is over {HEADER_CAP}")
    return b"".join((_LENGTHS.pack(len(text), sum(map(len, body))), text, *body))


def _encode(value: Any, body: list[bytes], refer: Callable[[Any], dict[str, Any] | None], depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if depth > MAX_DEPTH:
        raise WireError("nested too deeply")
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        number = int(value)
        return number if -_SAFE_INT <= number <= _SAFE_INT else {"i": hex(number)}
    if isinstance(value, float):
        number_f = float(value)
        return number_f if math.isfinite(number_f) else {"f": repr(number_f)}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        body.append(bytes(value))
        return {"b": len(value)}
    if isinstance(value, (list, tuple)):
        return [_encode(item, body, refer, depth + 1) for item in value]
    spec = refer(value)
    if spec is not None:
        return {"r": _encode(spec, body, refer, depth + 1)}
    if isinstance(value, Reference):
        return {"r": _encode(value.spec, body, refer, depth + 1)}
    if isinstance(value, Opaque):
        return {"u": value.type_name}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            return {"u": f"{kind.__name__} with keys that are not strings"}
        return {"d": [[str(key), _encode(item, body, refer, depth + 1)] for key, item in value.items()]}
    return _encode_array(value, body)


def _encode_array(value: Any, body: list[bytes]) -> dict[str, Any]:
    module = next(
        (cls.__module__ for cls in type(value).__mro__ if cls.__name__ in {"Tensor", "ndarray", "generic"}), ""
    )
    if module.startswith("torch"):
        import torch

        name = str(value.dtype).removeprefix("torch.")
        if name not in _TENSOR_TYPES or value.layout is not torch.strided or value.is_meta or value.is_quantized:
            return {"u": f"{name} tensor with layout {value.layout}"}
        plain = torch.Tensor.detach(value).as_subclass(torch.Tensor).cpu().contiguous().resolve_conj().resolve_neg()
        raw = plain.reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b""
        body.append(raw)
        return {"t": name, "s": list(plain.shape), "g": bool(value.requires_grad)}
    if module.startswith("numpy"):
        import numpy as np

        array = np.asarray(value)
        if array.dtype.name not in _ARRAY_TYPES:
            return {"u": f"NumPy array of {array.dtype.name}"}
        body.append(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("="), copy=False).tobytes())
        return {"a": array.dtype.name, "s": list(array.shape)}
    return {"u": type(value).__name__[:100]}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


class _Body:
    __slots__ = ("data", "position")

    def __init__(self, data: bytes | bytearray) -> None:
        self.data, self.position = data, 0

    def take(self, length: int) -> bytes | bytearray:
        start, end = self.position, self.position + length
        if length < 0 or end > len(self.data):
            raise WireError("a buffer reaches beyond its frame")
        self.position = end
        return self.data[start:end]


def decode(header: bytes | bytearray, body: bytes | bytearray) -> dict[str, Any]:
    """The message of a frame.  References come back as `Reference`, what could not be sent as `Opaque`.

    Raises WireError for everything that `encode` would not have written."""
    try:
        tree = json.loads(header, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a header: {error}"[:200]) from None
    if type(tree) is not dict:
        raise WireError("a header must be an object")
    buffers = _Body(body)
    message = {key: _decode(value, buffers, 0) for key, value in tree.items()}
    if buffers.position != len(body):
        raise WireError("a frame has bytes that no value owns")
    return message


def _refuse(constant: str) -> Any:
    raise WireError(f"{constant} in a header")


def _decode(value: Any, body: _Body, depth: int) -> Any:
    if depth > MAX_DEPTH + 2:
        raise WireError("nested too deeply")
    if type(value) is list:
        return [_decode(item, body, depth + 1) for item in value]
    if type(value) is not dict:
        return value
    tag = next(iter(value), None)
    if tag == "d" and len(value) == 1:
        return _decode_mapping(value["d"], body, depth)
    if tag in {"t", "a"}:
        return _decode_array(value, body)
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
    if tag == "f" and content in {"nan", "inf", "-inf"}:
        return float(content)
    if tag == "i" and type(content) is str and len(content) <= 4096:
        try:
            return int(content, 16)
        except ValueError:
            raise WireError("not an integer") from None
    if tag == "u" and type(content) is str:
        return Opaque(content[:200])
    raise WireError(f"unknown tag {str(tag)[:20]!r}")


def _decode_mapping(pairs: Any, body: _Body, depth: int) -> dict[str, Any]:
    if type(pairs) is not list:
        raise WireError("a mapping is a list of pairs")
    result: dict[str, Any] = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise WireError("a mapping is a list of pairs")
        result[pair[0]] = _decode(pair[1], body, depth + 1)
    return result


def _decode_array(value: dict[str, Any], body: _Body) -> Any:
    kind = "t" if "t" in value else "a"
    name, shape = value[kind], _shape(value.get("s"))
    sizes = _TENSOR_TYPES if kind == "t" else _ARRAY_TYPES
    if type(name) is not str or name not in sizes or set(value) - {kind, "s", "g"}:
        raise WireError("a broken tensor or array")
    raw = body.take(math.prod(shape) * sizes[name])
    import numpy as np

    if kind == "a":
        flat = np.frombuffer(raw, dtype=np.uint8 if name == "bool" else name)
        return (flat != 0 if name == "bool" else flat.copy()).reshape(shape)
    import torch

    if name == "bool":
        return torch.from_numpy(np.frombuffer(raw, dtype=np.uint8) != 0).reshape(shape)
    dtype = getattr(torch, name)
    tensor = (torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)).reshape(shape)
    return tensor.requires_grad_() if value.get("g") is True and dtype.is_floating_point else tensor


def _shape(shape: Any) -> list[int]:
    if type(shape) is not list or len(shape) > MAX_DIMS:
        raise WireError("a broken shape")
    if not all(type(side) is int and 0 <= side < 2**40 for side in shape):
        raise WireError("a broken shape")
    return shape


# ── the channel ───────────────────────────────────────────────────────────────────────────────────


def receive(read: Callable[[int], bytes | bytearray], body_cap: int) -> dict[str, Any]:
    """Reads one frame with `read(n)`, which returns exactly n bytes or raises EOFError."""
    header_length, body_length = _LENGTHS.unpack(read(_LENGTHS.size))
    if header_length > HEADER_CAP or body_length > body_cap:
        raise WireError(f"a frame of {header_length + body_length} bytes is too large")
    header = read(header_length)
    return decode(header, read(body_length) if body_length else b"")


def reader(connection: socket.socket) -> Callable[[int], bytearray]:
    """A blocking `read` for `receive`: exactly n bytes, or EOFError."""

    def read(length: int) -> bytearray:
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            count = connection.recv_into(view[position:])
            if not count:
                raise EOFError
            position += count
        return data

    return read
