"""Markers, and what a comparison raises: `Mismatch`, whose text continues the sentence "softmax([0., 1000.]) …"."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.model import Kind


class Mismatch(AssertionError):
    """The answer is not what it should be, in the way that `kind` says; the text continues a sentence that begins with the call."""

    def __init__(self, text: str, kind: Kind = Kind.VALUES) -> None:
        super().__init__(text)
        self.kind = kind


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

    `topic` names it in a few words, without inputs, for students: "large scores"; without one, none is announced."""
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


# ── sentences ─────────────────────────────────────────────────────────────────────────────────────


def expect(condition: bool, sentence: str) -> None:
    """Fails with `sentence`, which speaks of the answer, unless `condition` holds."""
    __tracebackhide__ = True
    if not condition:
        raise AssertionError(sentence)
