"""Comparisons of an answer with what it should be, by value.

Right values in another form are noted (`forms`); wrong ones raise `Mismatch`, whose text continues the sentence that begins with the
call."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

from autograder.checks import forms, relations
from autograder.checks.authoring import Mismatch
from autograder.checks.forms import slip
from autograder.wire.words import a_kind, difference, dtype_name, show

if TYPE_CHECKING:
    import torch

_TOLERANCES = {"float64": (1e-9, 1e-9), "float32": (1e-5, 1e-5), "float16": (3e-2, 3e-2), "bfloat16": (3e-2, 3e-2)}
"""Of a dtype: relative and absolute."""
_DIGITS = {"bfloat16": 0, "float16": 1, "float32": 2, "float64": 3}
"""Floating dtypes by precision."""


def near(answer: float, expected: float, rtol: float, atol: float) -> bool:
    """Whether `answer` lies within `atol + rtol * |expected|`.  Infinity equals only itself; NaN counts as equal to NaN."""
    if math.isfinite(answer) and math.isfinite(expected):
        return abs(float(answer) - float(expected)) <= atol + rtol * abs(float(expected))
    return answer == expected or (math.isnan(answer) and math.isnan(expected))


# ── tensors ───────────────────────────────────────────────────────────────────────────────────────


def close(
    answer: Any,
    expected: torch.Tensor,
    *,
    dtype: torch.dtype | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    detached: bool = False,
    strict: bool = False,
) -> None:
    """`answer` is a tensor of `expected`'s shape and of `dtype` (default: expected's), with its values: infinities and NaN in
    the same places, the rest within `atol + rtol * |expected|`, compared in float64.  The default tolerance fits the dtype, or the
    answer's where that is coarser.  `detached`: no gradient is attached.

    An array or a list, sides of 1, another dtype and a gradient are forms; with `strict` they fail."""
    __tracebackhide__ = True
    import torch

    tensor = forms.as_tensor(answer)
    if tensor is None or tensor.is_complex() != expected.is_complex():
        raise Mismatch(f"returned {a_kind(answer)}; expected a tensor of shape {tuple(expected.shape)}")
    wanted = expected.dtype if dtype is None else dtype
    same_shape = tensor.shape == expected.shape
    if not same_shape and _sides(tensor) != _sides(expected):
        raise Mismatch(f"returned a tensor of shape {tuple(tensor.shape)}; expected the shape {tuple(expected.shape)}")
    values = tensor.detach().reshape(expected.shape)
    rtol, atol = _tolerance(values.dtype, wanted, rtol, atol)
    if not _all_close(values, expected, rtol, atol):
        got, should = difference(values, expected.detach().to(wanted), rtol=rtol, atol=atol)
        raise Mismatch(f"returned {got}; expected {should}{relations.of_tensors(values, expected)}")
    if not isinstance(answer, torch.Tensor):
        slip("a tensor", forms.scalar_kind(answer), strict=strict)
    elif not same_shape:
        slip(f"the shape {tuple(expected.shape)}", f"a tensor of shape {tuple(tensor.shape)}", strict=strict)
    elif tensor.dtype != wanted:
        slip(f"a tensor of {dtype_name(wanted)}", f"one of {dtype_name(tensor.dtype)}", strict=strict)
    elif detached and tensor.requires_grad:
        slip("a tensor with no gradient attached", "one with a gradient attached", strict=strict)


def _sides(tensor: torch.Tensor) -> list[int]:
    return [side for side in tensor.shape if side != 1]


def _tolerance(got: torch.dtype, wanted: torch.dtype, rtol: float | None, atol: float | None) -> tuple[float, float]:
    """The tolerance of a check, or what fits the dtype; no finer than the answer's own dtype can be."""
    names = dtype_name(got), dtype_name(wanted)
    coarser = min((name for name in names if name in _DIGITS), key=lambda name: _DIGITS[name], default=names[1])
    default_rtol, default_atol = _TOLERANCES.get(coarser, (0.0, 0.0))
    rtol, atol = default_rtol if rtol is None else rtol, default_atol if atol is None else atol
    if coarser != names[1]:
        return max(rtol, default_rtol), max(atol, default_atol)
    return rtol, atol


def _all_close(values: torch.Tensor, expected: torch.Tensor, rtol: float, atol: float) -> bool:
    import torch

    whole = not (values.dtype.is_floating_point or expected.dtype.is_floating_point or rtol or atol)
    among = torch.int64 if whole else torch.float64  # a float64 does not tell integers beyond 2**53 apart
    if expected.is_complex():
        among = torch.complex128
    return torch.allclose(values.to(among), expected.detach().to(among), rtol=rtol, atol=atol, equal_nan=True)


# ── a single number ───────────────────────────────────────────────────────────────────────────────


def number(answer: Any, expected: float, *, rtol: float = 1e-6, atol: float = 1e-6, strict: bool = False) -> None:
    """`answer` is a Python float within `atol + rtol * |expected|`; where an infinity or NaN is expected, that.

    A tensor, a NumPy scalar, an int and a list of one number are forms; with `strict` they fail."""
    __tracebackhide__ = True
    found = None if isinstance(answer, bool) else forms.as_number(answer)
    if found is None:
        raise Mismatch(f"returned {a_kind(answer)}; expected the number {expected!r}")
    if not near(found, expected, rtol, atol):
        got, should = difference(found, float(expected), rtol=rtol, atol=atol)
        raise Mismatch(f"returned {got}; expected {should}{relations.of_numbers(found, float(expected))}")
    if type(answer) is not float:
        slip("a Python float", forms.scalar_kind(answer), strict=strict)


# ── a single text ─────────────────────────────────────────────────────────────────────────────────


def text_of(answer: Any) -> str:
    """The string that `answer` is.  A list or tuple of one string is a form."""
    __tracebackhide__ = True
    found = forms.as_text(answer)
    if found is None:
        raise Mismatch(f"returned {a_kind(answer)}; expected a string")
    if not isinstance(answer, str):
        slip("a string", forms.scalar_kind(answer))
    return found


# ── plain values ──────────────────────────────────────────────────────────────────────────────────


def same(answer: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9, strict: bool = False) -> None:
    """`answer` equals `expected`, a value of None, bools, ints, floats, strings, lists, tuples and mappings.

    A float may be NumPy's float64 and must lie within the tolerance (an infinity or NaN must be that), a mapping may have more keys than
    expected.  Other containers, NumPy's other numbers, whole floats and bools for ints, the case of keys and one nesting level too many
    are forms; with `strict` they fail."""
    __tracebackhide__ = True
    comparison = _Comparison(rtol, atol)
    problem = comparison.difference(answer, expected)
    if problem:
        raise Mismatch(problem)
    for asked, got in dict.fromkeys(comparison.slips):
        slip(asked, got, strict=strict)


class _Comparison:
    """One walk through an answer and what it should be; differences in form only are left in `slips`, as (asked, got)."""

    def __init__(self, rtol: float, atol: float) -> None:
        self._rtol, self._atol = rtol, atol
        self.slips: list[tuple[str, str]] = []

    def difference(self, answer: Any, expected: Any, where: str = "") -> str:
        """The first difference in value, in words, or nothing."""
        if isinstance(expected, Mapping):
            return self._of_mappings(answer, expected, where)
        if isinstance(expected, (list, tuple)):
            return self._of_sequences(answer, expected, where)
        asked = self._leaf(answer, expected)
        if asked is None:
            got, wanted = difference(answer, expected, rtol=self._rtol, atol=self._atol)
            return f"returned {got}{_at(where)}; expected {wanted}{_relation(answer, expected)}"
        if asked:
            self.slips.append((asked, forms.scalar_kind(answer)))
        return ""

    def _of_mappings(self, answer: Any, expected: Mapping[Any, Any], where: str) -> str:
        pairs = forms.as_sequence(answer)
        if pairs is not None and all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
            try:
                made = dict(pairs)
            except TypeError:  # a list cannot be a key
                made = {}
            if not {_folded(key) for key in made} & {_folded(key) for key in expected}:
                return f"returned {a_kind(answer)}{_at(where)}; expected a dictionary"
            answer = made
            self.slips.append(("a dictionary", "a list of pairs"))
        if not isinstance(answer, Mapping):
            return f"returned {a_kind(answer)}{_at(where)}; expected a dictionary"
        by_case = {_folded(key): key for key in answer}
        for key, value in expected.items():
            own = key if key in answer else by_case.get(_folded(key))
            if own not in answer:
                return f"returned a dictionary without the key {key!r}{_at(where)}"
            if own != key and key == next(iter(expected)):  # one key shows how all are spelt
                self.slips.append((f"the key {key!r}", f"the key {own!r}"))
            problem = self.difference(answer[own], value, f"{where}[{key!r}]")
            if problem:
                return problem
        return ""

    def _of_sequences(self, answer: Any, expected: list[Any] | tuple[Any, ...], where: str) -> str:
        wanted = "a list" if isinstance(expected, list) else "a tuple"
        entries = forms.as_sequence(answer)
        if entries is None:
            return f"returned {a_kind(answer)}{_at(where)}; expected {wanted}"
        if not isinstance(answer, type(expected)):
            self.slips.append((wanted, a_kind(answer)))
        inner = forms.as_sequence(entries[0]) if len(entries) == 1 else None
        nested = bool(expected) and isinstance(expected[0], (list, tuple, Mapping))
        if inner is not None and not nested and len(inner) == len(expected):
            self.slips.append((wanted, "one more list around it"))
            entries = inner
        if len(entries) != len(expected):
            got, should = show(answer), show(list(expected))
            relation = relations.of_sequences(entries, expected)
            return f"returned {_entries(entries)}{_at(where)} ({got}); expected {len(expected)} ({should}){relation}"
        for place, (one, other) in enumerate(zip(entries, expected, strict=True)):
            problem = self.difference(one, other, f"{where}[{place}]")
            if problem:
                return problem + ("" if where else relations.of_sequences(entries, expected))
        return ""

    def _leaf(self, answer: Any, expected: Any) -> str | None:
        """Whether a single value is right: "" where it is, what the task asks for where only its form is not, None where it is wrong."""
        if expected is None:
            return "" if answer is None else None
        if isinstance(expected, str):
            if isinstance(answer, str):
                return "" if answer == expected else None
            return "a string" if forms.as_text(answer) == expected else None
        if not isinstance(expected, (bool, Integral, float)):
            raise TypeError(f"same() does not compare {type(expected).__name__}")
        if isinstance(expected, float) and isinstance(answer, float):
            return "" if near(answer, expected, self._rtol, self._atol) else None
        found = forms.as_number(answer)
        if found is None:
            return None
        if isinstance(expected, float):
            rtol, atol = _TOLERANCES.get(_dtype_of(answer), (0.0, 0.0))
            right = near(found, expected, max(self._rtol, rtol), max(self._atol, atol))
            return "a Python float" if right else None
        if type(answer) is type(expected) or (type(answer) is int and not isinstance(expected, bool)):
            return "" if answer == expected else None
        asked = "a bool" if isinstance(expected, bool) else "a Python int"
        return asked if found == expected else None


def _at(where: str) -> str:
    return f" at {where}" if where else ""


def _entries(entries: Sequence[Any]) -> str:
    return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"


def _relation(answer: Any, expected: Any) -> str:
    """What a wrong number or text has to do with the right one, or nothing."""
    if isinstance(expected, str):
        text = forms.as_text(answer)
        return "" if text is None else relations.of_texts(text, expected)
    found = forms.as_number(answer)
    return (
        ""
        if found is None or isinstance(expected, bool) or type(expected) is not float
        else relations.of_numbers(found, expected)
    )


def _folded(key: Any) -> Any:
    return key.lower() if isinstance(key, str) else key


def _dtype_of(value: Any) -> str:
    """The name of a tensor's or NumPy scalar's dtype, else nothing."""
    return dtype_name(value.dtype) if hasattr(value, "dtype") else ""
