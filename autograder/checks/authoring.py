"""Markers and comparisons.  A comparison that fails raises `Mismatch`, whose text continues the sentence
"softmax([0., 1000.]) …"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from autograder.wire.words import a_kind, dtype_name, show

if TYPE_CHECKING:
    import torch

_TOLERANCES = {"float64": (1e-9, 1e-9), "float32": (1e-5, 1e-5), "float16": (3e-2, 3e-2), "bfloat16": (3e-2, 3e-2)}


class Mismatch(AssertionError):
    """The answer is not what it should be; the text continues a sentence that begins with the call."""


# ── markers ───────────────────────────────────────────────────────────────────────────────────────


def task(task_id: str, *, points: float, form: float = 0.25) -> pytest.MarkDecorator:
    """Marks a class as the checks of one task; `points` must be the ones in the notebook.

    `form` is the share of the points that right values in another form cost, once for the whole task."""
    return pytest.mark.task(task_id, points=points, form=form)


def weight(share: float) -> pytest.MarkDecorator:
    """How much a check counts among the checks of its task (default 1)."""
    return pytest.mark.weight(share)


def plain(check: Any) -> Any:
    """Marks a check of ordinary inputs.  The plain checks of a task earn at least a third of its points together; where one finds
    wrong values, wrong values elsewhere in the task have the same cause."""
    return pytest.mark.plain(check)


def heart(check: Any) -> Any:
    """Marks a check of what the task is about: an answer that fails it keeps at most half of the task's points."""
    return pytest.mark.heart(check)


def asks(sentence: str, *, topic: str = "") -> pytest.MarkDecorator:
    """The words with which the task's text or docstring, or the shared rules of the notebook, ask for what a check checks, verbatim.

    `topic` names it in a few words, without inputs, for students: "large scores".  Default: the check's title."""
    return pytest.mark.asks(sentence, topic=topic)


def hint(text: str, *, when: str = "") -> pytest.MarkDecorator:
    """What a student reads when the check fails in the way that it is about.

    `when` says which way: "values", "not_raised", "changed_input", "raised", "form", "returned_nothing" or "too_slow"; several with
    blanks between.  By default: "not_raised" for a check that uses `.raises`, "changed_input" for one that uses `.unchanged`, else
    "values"."""
    return pytest.mark.hint(text, when=when)


def forbids(*names: str, why: str) -> pytest.MarkDecorator:
    """Library functions that an answer must not use, as dotted names; a trailing `.*` stands for a whole module."""
    return pytest.mark.forbids(names, why=why)


# ── comparisons ───────────────────────────────────────────────────────────────────────────────────


def near(answer: float, expected: float, rtol: float, atol: float) -> bool:
    """Whether `answer` lies within `atol + rtol * |expected|`.  That is no bound beside an infinity, which is near to itself only, as is NaN."""
    if math.isfinite(answer) and math.isfinite(expected):
        return abs(float(answer) - float(expected)) <= atol + rtol * abs(float(expected))
    return answer == expected or (math.isnan(answer) and math.isnan(expected))


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
    the same places, the rest within `atol + rtol * |expected|`, compared in float64.  The default tolerance fits the dtype."""
    __tracebackhide__ = True
    import torch

    if not isinstance(answer, torch.Tensor):
        raise Mismatch(f"gave {a_kind(answer)}, not a tensor")
    if answer.shape != expected.shape:
        raise Mismatch(f"gave a tensor of shape {tuple(answer.shape)}, not {tuple(expected.shape)}")
    wanted = expected.dtype if dtype is None else dtype
    if answer.dtype != wanted:
        raise Mismatch(f"gave {dtype_name(answer.dtype)}, not {dtype_name(wanted)}")
    default_rtol, default_atol = _TOLERANCES.get(dtype_name(wanted), (0.0, 0.0))
    rtol, atol = default_rtol if rtol is None else rtol, default_atol if atol is None else atol
    whole = not (wanted.is_floating_point or expected.dtype.is_floating_point or rtol or atol)
    among = torch.int64 if whole else torch.float64  # a float64 does not tell integers beyond 2**53 apart
    got, want = answer.detach().to(among), expected.detach().to(among)
    if not torch.allclose(got, want, rtol=rtol, atol=atol, equal_nan=True):
        raise Mismatch(f"gave {show(answer)}, not {show(expected.to(wanted))}")


def number(answer: Any, expected: float, *, rtol: float = 1e-6, atol: float = 1e-6, strict: bool = False) -> None:
    """`answer` is a Python float (no tensor, no NumPy scalar, no int) within `atol + rtol * |expected|`; where an infinity or NaN is
    expected, that."""
    __tracebackhide__ = True
    if type(answer) is not float:
        raise Mismatch(f"gave {a_kind(answer)}, not a Python float")
    if not near(answer, expected, rtol, atol):
        raise Mismatch(f"gave {answer!r}, not {expected!r}")


def expect(condition: bool, sentence: str) -> None:
    """Fails with `sentence`, which speaks of the answer, unless `condition` holds."""
    __tracebackhide__ = True
    if not condition:
        raise AssertionError(sentence)
