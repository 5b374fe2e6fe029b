"""Tensors, NumPy arrays and scalars, and images: a type, a shape and raw bytes.

tensor          {"t": dtype, "s": shape, "g": requires grad}
sparse tensor   {"sparse": layout, "s": shape, "g": requires grad, "c": coalesced, "parts": [tensor, …]}
array           {"a": dtype, "s": shape}
of text, bytes  {"a": "str" | "bytes", "w": characters of each, "s": shape}
of objects      {"o": [values], "s": shape}
NumPy scalar    {"n": dtype, "s": []}      of text, bytes: {"n": "str" | "bytes", "v": value, "s": []}
PIL image       {"m": mode, "s": [width, height]}
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograder.wire.values import MAX_SIDES, MAX_VALUES, Body, WireError, size_of

TAGS = {"t", "a", "n", "m", "o", "sparse"}
MAX_DIMS = 16
_TENSOR_TYPES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16,
    "bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint16": 2, "uint32": 4, "uint64": 8,
    "float8_e4m3fn": 1, "float8_e5m2": 1,
}  # fmt: skip
_UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
ARRAY_TYPES = {
    **{name: size for name, size in _TENSOR_TYPES.items() if name != "bfloat16" and not name.startswith("float8")},
    **{f"{kind}64[{unit}]": 8 for kind in ("datetime", "timedelta") for unit in _UNITS},
    "datetime64": 8, "timedelta64": 8,
}  # fmt: skip
_WIDE = {"str": 4, "bytes": 1}
"""Bytes of a character."""
_IMAGE_MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "I": 4, "F": 4}
"""Bytes of a pixel."""
_LAYOUTS = {"sparse_coo": 2, "sparse_csr": 3, "sparse_csc": 3, "sparse_bsr": 3, "sparse_bsc": 3}
"""The tensors that a sparse one is made of."""

Part = Callable[[Any], Any]


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(value: Any, body: list[bytes], part: Part) -> dict[str, Any] | None:
    """The header of `value`, whose bytes are appended to `body`; None for what is none of these."""
    kind = _kind(value)
    if kind == "tensor":
        return _encode_tensor(value, body, part)
    if kind in {"ndarray", "generic"}:
        return _encode_array(value, body, part, "n" if kind == "generic" else "a")
    if kind == "image":
        mode, size = str(value.mode), [int(side) for side in value.size]
        if mode not in _IMAGE_MODES or 0 in size:
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


def is_dtype(value: Any) -> bool:
    """Whether `value`, which is something of NumPy's, is a dtype."""
    import numpy as np

    return isinstance(value, np.dtype)


def _too_large(shape: list[int]) -> str:
    """What is too large about a shape, or "": sides of an empty tensor count too, and so do elements that repeat one number in memory."""
    most = MAX_SIDES if 0 in shape else MAX_VALUES
    if len(shape) > MAX_DIMS:
        return f"of {len(shape)} dimensions"
    return f"of shape {tuple(shape)}, more than {most:,} values" if size_of(shape) > most else ""


def _encode_tensor(value: Any, body: list[bytes], part: Part) -> dict[str, Any]:
    import torch

    name, layout = str(value.dtype).removeprefix("torch."), str(value.layout).removeprefix("torch.")
    if value.is_quantized or value.is_meta or value.is_nested or name not in _TENSOR_TYPES:
        kind = "quantised" if value.is_quantized else "meta" if value.is_meta else "nested" if value.is_nested else name
        return {"u": f"{kind} tensor"}
    shape = list(value.shape)
    if layout in _LAYOUTS:
        return _encode_sparse(value, layout, part)
    if layout != "strided":
        return {"u": f"{layout} tensor"}
    if too_large := _too_large(shape):
        return {"u": f"tensor {too_large}"}
    plain = torch.Tensor.detach(value).as_subclass(torch.Tensor).cpu().contiguous().resolve_conj().resolve_neg()
    flat = plain.reshape(-1)
    if flat.stride() != (
        1,
    ):  # a single element counts as contiguous whatever its stride is, and cannot be viewed as bytes
        flat = flat.clone(memory_format=torch.contiguous_format)
    body.append(flat.view(torch.uint8).numpy().tobytes() if plain.numel() else b"")
    return {"t": name, "s": shape, "g": bool(value.requires_grad)}


def _encode_sparse(value: Any, layout: str, part: Part) -> dict[str, Any]:
    shape, coalesced = list(value.shape), False
    if len(shape) > MAX_DIMS or size_of(shape) > MAX_SIDES:
        return {"u": f"sparse tensor of shape {tuple(shape)}"}
    plain = value.detach().cpu()
    if layout == "sparse_coo":
        coalesced = bool(plain.is_coalesced())
        parts = [plain._indices(), plain._values()]  # noqa: SLF001 - the public ones refuse what is not coalesced
    elif layout in {"sparse_csr", "sparse_bsr"}:
        parts = [plain.crow_indices(), plain.col_indices(), plain.values()]
    else:
        parts = [plain.ccol_indices(), plain.row_indices(), plain.values()]
    header = {"s": shape, "g": bool(value.requires_grad), "c": coalesced, "parts": [part(one) for one in parts]}
    return {"sparse": layout, **header}


def _encode_array(value: Any, body: list[bytes], part: Part, tag: str) -> dict[str, Any]:
    import numpy as np

    if isinstance(value, (np.str_, np.bytes_)):
        name = "str" if isinstance(value, np.str_) else "bytes"
        return {"n": name, "v": part(str.__str__(value) if isinstance(value, str) else bytes(value)), "s": []}
    if isinstance(value, np.ma.MaskedArray):
        return {"u": "masked array"}
    array = np.asarray(value)
    dtype, shape, what = array.dtype, list(array.shape), "NumPy scalar" if tag == "n" else "NumPy array"
    if too_large := _too_large(shape):
        return {"u": f"NumPy array {too_large}"}
    if dtype.kind in "OT":
        return {"o": [part(item) for item in array.astype(object).reshape(-1).tolist()], "s": shape}
    if dtype.kind in "US":
        name = "str" if dtype.kind == "U" else "bytes"
        width = max(1, dtype.itemsize // _WIDE[name])
        body.append(np.ascontiguousarray(array, dtype=f"={dtype.kind}{width}").tobytes())
        return {tag: name, "w": width, "s": shape}
    if dtype.name not in ARRAY_TYPES:
        return {"u": f"{what} of {dtype.name}"[:100]}
    body.append(np.ascontiguousarray(array).astype(dtype.newbyteorder("="), copy=False).tobytes())
    return {tag: dtype.name, "s": shape}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(value: dict[str, Any], body: Body, part: Part) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    tag = next(iter(value))
    body.charge(600)
    shape = decode_shape(value.get("s"))
    if tag != "m":  # an image is listed by nobody
        body.charge_listed(size_of(shape))
    try:
        if tag == "sparse":
            return _sparse(value, shape, part)
        if tag == "o":
            return _objects(value, shape, part)
        return _raw(value, tag, shape, body, part)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise WireError(f"a broken tensor or array: {error}"[:200]) from None


def _raw(value: dict[str, Any], tag: str, shape: list[int], body: Body, part: Part) -> Any:
    name = value[tag]
    if type(name) is str and name in _WIDE and tag in {"a", "n"}:
        return _text(value, shape, body, part)
    sizes = {"t": _TENSOR_TYPES, "m": _IMAGE_MODES}.get(tag, ARRAY_TYPES)
    if type(name) is not str or name not in sizes or set(value) - {tag, "s", "g"}:
        raise WireError("a broken tensor, array or image")
    if (tag == "n" and shape) or (tag == "m" and (len(shape) != 2 or 0 in shape)):
        raise WireError("a broken shape")
    raw = body.take(math.prod(shape) * sizes[name])
    if tag == "m":
        from PIL import Image

        return Image.frombytes(name, (shape[0], shape[1]), bytes(raw))
    return _tensor(name, shape, raw, value.get("g") is True) if tag == "t" else _array(name, shape, raw, tag)


def _array(name: str, shape: list[int], raw: bytes | bytearray, tag: str) -> Any:
    import numpy as np

    flat = np.frombuffer(raw, dtype=np.uint8 if name == "bool" else name)
    array = (flat != 0 if name == "bool" else flat.copy()).reshape(shape)
    return array[()] if tag == "n" else array


def _text(value: dict[str, Any], shape: list[int], body: Body, part: Part) -> Any:
    import numpy as np

    tag = next(iter(value))
    name = value[tag]
    if tag == "n":
        text = part(value.get("v"))
        if set(value) != {"n", "v", "s"} or shape or type(text) is not (str if name == "str" else bytes):
            raise WireError("a broken NumPy scalar")
        return np.str_(text) if name == "str" else np.bytes_(text)
    width = value.get("w")
    if set(value) != {"a", "w", "s"} or type(width) is not int or not 0 < width < 2**24:
        raise WireError("a broken array of text")
    raw = body.take(math.prod(shape) * width * _WIDE[name])
    if name == "str" and len(raw) and int(np.frombuffer(raw, dtype=np.uint32).max()) > 0x10FFFF:
        raise WireError("text of characters that there are not")
    return np.frombuffer(raw, dtype=f"{'U' if name == 'str' else 'S'}{width}").copy().reshape(shape)


def _objects(value: dict[str, Any], shape: list[int], part: Part) -> Any:
    import numpy as np

    items = value["o"]
    if set(value) != {"o", "s"} or type(items) is not list or len(items) != math.prod(shape):
        raise WireError("a broken array of objects")
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = part(item)
    return array.reshape(shape)


def _tensor(name: str, shape: list[int], raw: bytes | bytearray, grad: bool) -> Any:
    import numpy as np
    import torch

    if name == "bool":
        return torch.from_numpy(np.frombuffer(raw, dtype=np.uint8) != 0).reshape(shape)
    dtype = getattr(torch, name)
    tensor = (torch.frombuffer(bytearray(raw), dtype=dtype) if raw else torch.empty(0, dtype=dtype)).reshape(shape)
    return tensor.requires_grad_() if grad and (dtype.is_floating_point or dtype.is_complex) else tensor


def _sparse(value: dict[str, Any], shape: list[int], part: Part) -> Any:
    import torch

    layout, parts = value["sparse"], value.get("parts")
    if type(layout) is not str or layout not in _LAYOUTS or set(value) != {"sparse", "s", "g", "c", "parts"}:
        raise WireError("a broken sparse tensor")
    if type(parts) is not list or len(parts) != _LAYOUTS[layout] or size_of(shape) > MAX_SIDES:
        raise WireError("a broken sparse tensor")
    tensors = [part(one) for one in parts]
    if not all(type(one) is torch.Tensor and one.layout is torch.strided and not one.requires_grad for one in tensors):
        raise WireError("a broken sparse tensor")
    if layout == "sparse_coo":
        is_coalesced = True if value["c"] is True else None
        made = torch.sparse_coo_tensor(tensors[0], tensors[1], shape, check_invariants=True, is_coalesced=is_coalesced)
    else:
        kind = getattr(torch, layout)
        made = torch.sparse_compressed_tensor(
            tensors[0], tensors[1], tensors[2], shape, layout=kind, check_invariants=True
        )
    floating = made.dtype.is_floating_point or made.dtype.is_complex
    return made.requires_grad_() if value["g"] is True and floating else made


def decode_shape(shape: Any) -> list[int]:
    """`shape` if it is one: a list of sides, whose product is small where one of them is 0.  Raises WireError for anything else."""
    if type(shape) is not list or len(shape) > MAX_DIMS:
        raise WireError("a broken shape")
    if not all(type(side) is int and 0 <= side < 2**40 for side in shape):
        raise WireError("a broken shape")
    if 0 in shape and size_of(shape) > MAX_SIDES:
        raise WireError("an empty tensor with sides that are too long")
    return shape
