"""Tensors, NumPy arrays and scalars, and images: a type, a shape and raw bytes.

tensor          {"t": dtype, "s": shape, "g": requires grad}
array           {"a": dtype, "s": shape}
NumPy scalar    {"n": dtype, "s": []}
PIL image       {"m": mode, "s": [width, height]}
"""

from __future__ import annotations

import math
from typing import Any

from autograder.wire.values import Body, WireError

TAGS = {"t", "a", "n", "m"}
MAX_DIMS = 16
_TENSOR_TYPES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8,
}  # fmt: skip
_ARRAY_TYPES = {name: size for name, size in _TENSOR_TYPES.items() if name != "bfloat16"}
_IMAGE_MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "I": 4, "F": 4}
"""Bytes of a pixel."""


def encode(value: Any, body: list[bytes]) -> dict[str, Any] | None:
    """The header of `value`, whose bytes are appended to `body`; None for what is none of these."""
    kind = _kind(value)
    if kind == "tensor":
        return _encode_tensor(value, body)
    if kind in {"ndarray", "generic"}:
        return _encode_array(value, body, "n" if kind == "generic" else "a")
    if kind == "image":
        mode, size = str(value.mode), [int(side) for side in value.size]
        if mode not in _IMAGE_MODES:
            return {"u": f"image of mode {mode[:20]}"}
        body.append(value.tobytes())
        return {"m": mode, "s": size}
    return None


def _kind(value: Any) -> str:
    for cls in type(value).__mro__:
        package = cls.__module__.partition(".")[0]
        if package == "torch" and cls.__name__ == "Tensor":
            return "tensor"
        if package == "numpy" and cls.__name__ in {"ndarray", "generic"}:
            return cls.__name__
        if cls.__module__ == "PIL.Image" and cls.__name__ == "Image":
            return "image"
    return ""


def _encode_tensor(value: Any, body: list[bytes]) -> dict[str, Any]:
    import torch

    name = str(value.dtype).removeprefix("torch.")
    if name not in _TENSOR_TYPES or value.layout is not torch.strided or value.is_meta or value.is_quantized:
        return {"u": f"{name} tensor with layout {value.layout}"}
    plain = torch.Tensor.detach(value).as_subclass(torch.Tensor).cpu().contiguous().resolve_conj().resolve_neg()
    body.append(plain.reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b"")
    return {"t": name, "s": list(plain.shape), "g": bool(value.requires_grad)}


def _encode_array(value: Any, body: list[bytes], tag: str) -> dict[str, Any]:
    import numpy as np

    array = np.asarray(value)
    if array.dtype.name not in _ARRAY_TYPES:
        return {"u": f"NumPy {'scalar' if tag == 'n' else 'array'} of {array.dtype.name}"}
    body.append(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("="), copy=False).tobytes())
    return {tag: array.dtype.name, "s": list(array.shape)}


def decode(value: dict[str, Any], body: Body) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    tag = next(iter(value))
    name, shape = value[tag], _shape(value.get("s"))
    sizes = {"t": _TENSOR_TYPES, "m": _IMAGE_MODES}.get(tag, _ARRAY_TYPES)
    if type(name) is not str or name not in sizes or set(value) - {tag, "s", "g"}:
        raise WireError("a broken tensor, array or image")
    if (tag == "n" and shape) or (tag == "m" and (len(shape) != 2 or 0 in shape)):
        raise WireError("a broken shape")
    raw = body.take(math.prod(shape) * sizes[name])
    try:
        if tag == "m":
            from PIL import Image

            return Image.frombytes(name, (shape[0], shape[1]), bytes(raw))
        return _tensor(name, shape, raw, value.get("g") is True) if tag == "t" else _array(name, shape, raw, tag)
    except (ValueError, RuntimeError, OverflowError) as error:  # sides that no library takes, around an empty one
        raise WireError(f"a broken shape: {error}"[:200]) from None


def _array(name: str, shape: list[int], raw: bytes | bytearray, tag: str) -> Any:
    import numpy as np

    flat = np.frombuffer(raw, dtype=np.uint8 if name == "bool" else name)
    array = (flat != 0 if name == "bool" else flat.copy()).reshape(shape)
    return array[()] if tag == "n" else array


def _tensor(name: str, shape: list[int], raw: bytes | bytearray, grad: bool) -> Any:
    import numpy as np
    import torch

    if name == "bool":
        return torch.from_numpy(np.frombuffer(raw, dtype=np.uint8) != 0).reshape(shape)
    dtype = getattr(torch, name)
    tensor = (torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)).reshape(shape)
    return tensor.requires_grad_() if grad and dtype.is_floating_point else tensor


def _shape(shape: Any) -> list[int]:
    if type(shape) is not list or len(shape) > MAX_DIMS:
        raise WireError("a broken shape")
    if not all(type(side) is int and 0 <= side < 2**40 for side in shape):
        raise WireError("a broken shape")
    return shape
