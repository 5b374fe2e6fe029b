"""What wrong values have to do with the right ones: reversed, of the opposite sign, one entry too many.

A message shows both values and ends with such a relation, "in reverse order" for example, which often explains the mistake.  Nothing is said where none
is known, or where the values are so few and so plain that they may fit by chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from autograder.words import plural

if TYPE_CHECKING:
    import torch

_FACTORS = {-1.0: "the same number with the opposite sign", 100.0: "100 times as much", 0.01: "a hundredth of it"}
_BY_CHANCE = 5
"""As many whole numbers as seldom have another order by chance."""
_NEAR = 1e-4
"""Relative; a relation between numbers in float32 survives it."""
MOST = 200_000
"""Larger tensors are not searched."""


def of_numbers(got: float, expected: float) -> str:
    """Of two different numbers: the words that follow them, beginning with a comma, or nothing."""
    if not (math.isfinite(got) and math.isfinite(expected)) or not expected:
        return ""
    return next(
        (f", {words}" for factor, words in _FACTORS.items() if math.isclose(got, factor * expected, rel_tol=_NEAR)), ""
    )


def of_texts(got: str, expected: str) -> str:
    """Of two different strings: the words that follow them, beginning with a comma, or nothing."""
    if got.strip() == expected.strip():
        return ", different only in white space at the ends"
    if got.casefold() == expected.casefold():
        return ", different only in capitals"
    if expected and got != expected:
        more = len(got) - len(expected)
        if got.startswith(expected):
            return f", with {plural(more, 'character')} more at the end"
        if got.endswith(expected):
            return f", with {plural(more, 'character')} more in front"
    return ""


def of_sequences(got: Sequence[object], expected: Sequence[object]) -> str:
    """Of two different lists of plain values: the words that follow them, or nothing."""
    one, other = [_key(entry) for entry in got], [_key(entry) for entry in expected]
    if None in one or None in other or one == other:
        return ""
    more = len(one) - len(other)
    if not more:
        if len(one) < _BY_CHANCE and all(isinstance(entry, int) for entry in other):
            return ""
        if one == other[::-1]:
            return ", the same entries in reverse order"
        return ", the same entries in another order" if Counter(one) == Counter(other) else ""
    longer, shorter = (one, other) if more > 0 else (other, one)
    extra, are = abs(more), "too many" if more > 0 else "missing"
    if not shorter:
        return ""
    if longer[: len(shorter)] == shorter:
        return f", the last {are}" if extra == 1 else f", the last {extra} {are}"
    if longer[extra:] == shorter:
        return f", the first {are}" if extra == 1 else f", the first {extra} {are}"
    if extra == 2 and longer[1:-1] == shorter:
        return f", the first and the last {are}"
    return ""


def _key(entry: object) -> Hashable:
    """What equals that of an equal entry: floats by four digits.  None for what is no plain value."""
    if isinstance(entry, float):
        return f"{entry:.4g}"
    if isinstance(entry, (str, int)):
        return entry
    if isinstance(entry, (list, tuple)):
        parts = tuple(map(_key, entry))
        return None if None in parts else parts
    return None


def of_tensors(got: torch.Tensor, expected: torch.Tensor) -> str:
    """Of two different tensors of one shape: the words that follow them, or nothing."""
    import torch

    if got.is_complex() or expected.is_complex() or not 1 < got.numel() <= MOST:
        return ""
    one, other = got.detach().double(), expected.detach().double()
    ruled_out = _ruled_out(one, other)
    if ruled_out:
        return ruled_out
    if not one.isfinite().all() or not other.isfinite().all() or other.unique().numel() < 2 or _alike(one, other):
        return ""
    if _alike(one, -other):
        return ", every number with the opposite sign"
    if _alike(one.flip(-1) if one.dim() else one, other):
        return ", the same numbers in reverse order"
    if _alike(one.flatten().sort().values, other.flatten().sort().values):
        return ", the same numbers in other places"
    if one.unique().numel() > 1:
        shift, share = (one - other).mean(), (one * other).sum() / (other * other).sum()
        if _alike(one, other * share):
            return f", every number {share.item():.4g} times what it should be"
        if _alike(one, other + shift):
            return f", every number {abs(shift.item()):.4g} too {'large' if shift > 0 else 'small'}"
    if _alike(one, torch.softmax(other, -1)) and not _alike(other.sum(-1), torch.ones_like(other.sum(-1))):
        return ", the softmax of what it should be"
    if _alike(one, torch.log_softmax(other, -1)):
        return ", the log-softmax of what it should be"
    return ""


def _ruled_out(one: torch.Tensor, other: torch.Tensor) -> str:
    """Whether the two differ only in which numbers are -inf."""
    first, second = one.isneginf(), other.isneginf()
    both = ~(first | second)
    if first.equal(second) or not both.any() or not _alike(one[both], other[both]):
        return ""
    too_many, too_few = int((first & ~second).sum()), int((second & ~first).sum())
    if too_few and not too_many:
        return f", {_numbers(too_few)} left that should be -inf"
    return f", {_numbers(too_many)} -inf that should not be" if too_many and not too_few else ""


def _numbers(count: int) -> str:
    return "1 number is" if count == 1 else f"{count} numbers are"


def _alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    import torch

    return one.shape == other.shape and torch.allclose(one, other, rtol=_NEAR, atol=1e-8)
