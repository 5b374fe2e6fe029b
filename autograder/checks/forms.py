"""Right values in the wrong form: the list of forms that count, and where a check notes them.

A check passes in substance where an answer has the right values in another form; the slip is noted, and the task pays its form charge
once (`scoring`).  Forms are: a tensor, NumPy array, list, tuple, Series or scalar in each other's place; extra or missing sides of 1; the
kind and width of a dtype; an attached gradient; row or column order where the content is the same; a reset index; extra columns; whole
floats, NumPy integers and bools for ints; the case of keys; one nesting level too deep."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, KeysView, Sequence, ValuesView
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograder.checks.authoring import Mismatch
from autograder.model import Kind
from autograder.wire.words import a_kind

if TYPE_CHECKING:
    import torch

_collectors: list[list[str]] = []
"""The slips of the check that runs now.  One check runs at a time in a process."""


@contextmanager
def collecting() -> Iterator[list[str]]:
    """The sentences about slips that are noted in the block, each once, in order.  Elsewhere a slip is a failure."""
    found: list[str] = []
    _collectors.append(found)
    try:
        yield found
    finally:
        _collectors.pop()


def slip(asked: str, got: str, *, strict: bool = False) -> None:
    """Notes that an answer has the right values as `got`, where the task asks for `asked`.

    Raises Mismatch where the form itself is checked (`strict`), or nobody collects slips, as when a suite is run by hand."""
    __tracebackhide__ = True
    if strict or not _collectors:
        raise Mismatch(f"returned {got}; the task asks for {asked}", Kind.FORM)
    sentence = f"The values are right; the task asks for {asked} and your function returned {got}."
    if sentence not in _collectors[-1]:
        _collectors[-1].append(sentence)


# ── values in another container ───────────────────────────────────────────────────────────────────


def as_tensor(answer: Any) -> torch.Tensor | None:
    """The numbers of an array, a list, a Series or a scalar as a tensor; None for what holds no rectangle of numbers."""
    import numpy as np
    import torch

    if isinstance(answer, torch.Tensor):
        return answer if answer.layout is torch.strided else answer.to_dense()
    if type(answer).__name__ in {"Series", "DataFrame", "Index"} and hasattr(answer, "to_numpy"):
        answer = answer.to_numpy()
    if isinstance(answer, (list, tuple)) and any(isinstance(part, torch.Tensor) for part in answer):
        parts = [as_tensor(part) for part in answer]
        shapes = {part.shape if part is not None else None for part in parts}
        if len(shapes) != 1 or None in parts:
            return None
        return torch.stack([part for part in parts if part is not None])
    if isinstance(answer, (bool, int, float, list, tuple, np.ndarray, np.generic)):
        try:
            array = np.asarray(answer)
            return torch.from_numpy(array.copy()) if array.dtype.kind in "biuf" else None
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def as_number(answer: Any) -> float | None:
    """The one number of a scalar, a tensor or array with one element, or a list of one; None for anything else."""
    from fractions import Fraction

    if isinstance(answer, (float, int, Fraction)) or type(answer).__name__ == "Decimal":
        try:
            return float(answer)
        except OverflowError:  # an int of hundreds of digits is near to no float
            return None
    tensor = as_tensor(answer)
    return float(tensor.item()) if tensor is not None and tensor.numel() == 1 and not tensor.is_complex() else None


def as_text(answer: Any) -> str | None:
    """The one text of a string, or of a list or tuple of one string; None for anything else."""
    if isinstance(answer, (list, tuple)) and len(answer) == 1:
        answer = answer[0]
    return str(answer) if isinstance(answer, str) else None


def as_sequence(answer: Any) -> Sequence[Any] | None:
    """The entries of a list, tuple, tensor, array, Series, range or the like; None for anything else."""
    import torch

    if isinstance(answer, (list, tuple, range)):
        return answer
    if isinstance(answer, (deque, KeysView, ValuesView)):
        return list(answer)
    if isinstance(answer, torch.Tensor):
        return list(answer.detach().tolist()) if answer.dim() else None
    if type(answer).__name__ in {"ndarray", "Series", "Index"}:
        made = answer.tolist()
        return made if isinstance(made, list) else None
    return None


def scalar_kind(answer: Any) -> str:
    """What kind of scalar `answer` is, for a sentence: a tensor without dimensions is "a tensor", not one "of shape ()"."""
    import torch

    return "a tensor" if isinstance(answer, torch.Tensor) and not answer.dim() else a_kind(answer)
