"""Whether a call has the arguments of an earlier one, told without encoding them.

The inputs of a check are drawn once and live as long as the suite, so most calls bring the very objects of the recording again.  Tensors
count their changes (`_version`); what does not, such as an array, a frame or a generator, has no key and is compared by its encoding."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import torch

from autograder.worker import objects

_SCALARS = (str, int, bool, bytes, type(None))


class _NoKey(Exception):
    """One of the arguments does not tell whether it has been changed."""


def key(name: str, args: Any, kwargs: dict[str, Any]) -> Hashable:
    """Equal for two calls only if they bring the same objects, unchanged; None where that cannot be told.

    It holds no reference: whoever keeps it keeps the arguments too, or their ids may come again."""
    try:
        return name, _of(args), _of(kwargs)
    except _NoKey:
        return None


def _of(value: Any) -> Hashable:
    kind = type(value)
    if kind in _SCALARS:
        return kind, value
    if kind is float:
        return kind, repr(value)  # -0.0 is 0.0, and nan is not itself
    if kind is list or kind is tuple:
        return kind, tuple(map(_of, value))
    if kind is dict:
        return kind, tuple((_of(name), _of(item)) for name, item in value.items())
    if kind is torch.Tensor and not value.is_inference():
        return kind, id(value), value._version, value.requires_grad  # noqa: SLF001 - torch's own count of changes
    if objects.is_built(value):
        return kind, id(value)
    raise _NoKey
