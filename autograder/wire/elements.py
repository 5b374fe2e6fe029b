"""Tensors and arrays of one shape: in which element two of them differ, and the two texts that show it."""

from __future__ import annotations

import math
from typing import Any

from autograder.wire.shown import MAX_ELEMENTS, MOST_DIGITS, dtype_name, show

Texts = tuple[str, str]
NEIGHBOURS = 2
_CHUNK = 1 << 16


def is_tensor(value: Any) -> bool:
    return hasattr(value, "requires_grad") and hasattr(value, "layout")


def is_array(value: Any) -> bool:
    return any(cls.__name__ == "ndarray" for cls in type(value).__mro__)


def count(value: Any) -> int:
    """The elements of a tensor or array."""
    return int(value.numel() if is_tensor(value) else value.size)


def can_be_read(value: Any) -> bool:
    """Whether the values of a tensor or array can be looked at one by one."""
    return not is_tensor(value) or not (value.is_quantized or value.is_meta or value.is_nested)


def plainly(value: Any, digits: int) -> str:
    """A tensor or array of few elements as lists in lists, since the sentence says what it is; else as `show` has it."""
    if count(value) > MAX_ELEMENTS or not can_be_read(value):
        return show(value, digits=digits)
    return show(_dense(value).tolist(), 400, digits=digits)


def aspect(got: Any, expected: Any) -> Texts | None:
    """In what two tensors or two arrays differ that matters more than their values."""
    what = "a tensor" if is_tensor(got) else "an array"
    if tuple(got.shape) != tuple(expected.shape):
        return f"{what} of shape {tuple(got.shape)}", f"the shape {tuple(expected.shape)}"
    if got.dtype != expected.dtype:
        return f"{what} of {dtype_name(got.dtype)}", f"one of {dtype_name(expected.dtype)}"
    if is_tensor(got) and got.layout != expected.layout:
        return _layout(got), _layout(expected)
    if is_tensor(got) and got.device != expected.device:
        return f"a tensor on {got.device}", f"one on {expected.device}"
    return None


def _layout(tensor: Any) -> str:
    name = dtype_name(tensor.layout)
    return "a dense tensor" if name == "strided" else f"a tensor in the layout {name}"


def last_aspect(got: Any, expected: Any) -> Texts | None:
    """In what two tensors or two arrays differ whose values are the same."""
    if not is_tensor(got):
        if got.strides != expected.strides:
            return f"an array with the strides {got.strides}", f"one with the strides {expected.strides}"
        return None
    if got.requires_grad != expected.requires_grad:
        texts = "a tensor with a gradient attached", "one without a gradient"
        return texts if got.requires_grad else ("a tensor without a gradient", "one with a gradient attached")
    if "strided" in str(got.layout) and got.stride() != expected.stride():
        return f"a tensor with the strides {got.stride()}", f"one with the strides {expected.stride()}"
    return None


def element(got: Any, expected: Any, rtol: float, atol: float) -> Texts | None:
    """The first element that differs by more than `atol + rtol * |expected|`, or else at all, with what stands beside it."""
    place = first_place(got, expected, rtol, atol)
    if place is None:
        return None
    one, other = _flat(got), _flat(expected)
    pair = [flat[place : place + 1].tolist()[0] for flat in (one, other)]
    digits = 6
    while digits < MOST_DIGITS and show(pair[0], digits=digits) == show(pair[1], digits=digits):
        digits += 1
    where: list[int] = []
    rest = place
    for side in reversed(got.shape):
        rest, position = divmod(rest, side)
        where.insert(0, position)
    sides = [_beside(flat, place, where[-1], got.shape[-1], digits) if where else "" for flat in (one, other)]
    what = "a tensor" if is_tensor(got) else "an array"
    shown = [show(value, digits=digits) for value in pair]
    shape = f" of {what} of shape {tuple(got.shape)}"
    return f"{shown[0]} at {where}{shape}{sides[0]}", f"{shown[1]} there{sides[1]}"


def _beside(flat: Any, place: int, position: int, side: int, digits: int) -> str:
    """What stands around `place`, which is `position` in a row of `side` elements."""
    before, after = min(position, NEIGHBOURS), min(side - position - 1, NEIGHBOURS)
    inner = ", ".join(show(item, 30, digits=digits) for item in flat[place - before : place + after + 1].tolist())
    return f" ([{'…, ' if before < position else ''}{inner}{', …' if after < side - position - 1 else ''}])"


def first_place(got: Any, expected: Any, rtol: float, atol: float) -> int | None:
    """The place, in a row, of the first element that differs by more than the tolerance, or else at all; None where all are the same."""
    if got is expected:
        return None
    one, other = _flat(got), _flat(expected)
    for tolerance in dict.fromkeys(((rtol, atol), (0.0, 0.0))):
        for start in range(0, len(one), _CHUNK):
            a, b = one[start : start + _CHUNK], other[start : start + _CHUNK]
            if is_tensor(a) and a.equal(b):  # the quick way; what NaN makes unequal takes the other
                continue
            apart = _apart(a, b, *tolerance)
            if apart.any():
                return start + int(apart.argmax())
    return None


def _apart(one: Any, other: Any, rtol: float, atol: float) -> Any:
    """Which elements of two rows differ."""
    import numpy as np

    a, b = _numbers(one), _numbers(other)
    if a is None or b is None:
        return np.array([not same(x, y) for x, y in zip(one.tolist(), other.tolist(), strict=True)], dtype=bool)
    equal = (a == b) | (np.isnan(a) & np.isnan(b))
    if not rtol and not atol:
        return ~equal
    with np.errstate(all="ignore"):
        return ~(equal | (np.isfinite(b) & (np.abs(a - b) <= atol + rtol * np.abs(b))))


def _numbers(row: Any) -> Any:
    """A row as an array of float64, complex128 or Python's ints, which can be subtracted; None where it holds no numbers."""
    import numpy as np

    if is_tensor(row):
        row = (row.double() if row.dtype.is_floating_point else row).numpy()
    if row.dtype.kind in "fc":
        return row.astype(complex if row.dtype.kind == "c" else float)
    return row.astype(object).astype(float) if row.dtype.kind in "biu" and _is_exact(row, np) else None


def _is_exact(row: Any, np: Any) -> bool:
    """Whether float64 holds these whole numbers as they are."""
    return row.dtype.kind == "b" or not len(row) or bool(np.abs(row.astype(np.float64)).max() < 2**53)


def _dense(value: Any) -> Any:
    if not is_tensor(value):
        return value
    value = value.detach()
    return (value if str(value.layout) == "torch.strided" else value.to_dense()).resolve_conj().cpu()


def _flat(value: Any) -> Any:
    return _dense(value).reshape(-1)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, or both NaN."""
    try:
        return bool(one == other) or bool(one != one and other != other)  # noqa: PLR0124 - which is what NaN does
    except Exception:  # what a library cannot compare is not the same
        return False


def near(one: Any, other: Any, rtol: float, atol: float) -> bool:
    """Whether a number lies within `atol + rtol * |other|` of `other`; as for `same`, NaN and infinities equal themselves."""
    if same(one, other):
        return True
    try:
        return bool(abs(one - other) <= atol + rtol * abs(other)) and math.isfinite(abs(other))
    except (OverflowError, TypeError):
        return False
