"""What the hidden checks of an assignment ask: every call with its inputs, and what the references answer."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from autograder import course as courses
from autograder import notebook, variants, wire
from autograder.checks.student import Call, Trusted
from autograder.judge import Judge, open_judge
from autograder.model import Course, Submission
from autograder.release import source_manifest
from autograder.wire import Reference
from autograder.worker import objects


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its function, its frame, how often it is repeated (0: once), and what the reference answers."""

    task: str
    function: str
    frame: bytes
    times: int
    answer: dict[str, Any]

    @property
    def takes_ours(self) -> bool:
        """Whether an argument is a function of the grader's, which nobody else has."""
        message = message_of(self.frame)
        return "remote" in {one.spec.get("kind") for one in references([message["args"], message["kwargs"]])}

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """The arguments, made anew: generators advance."""
        message = message_of(self.frame)
        return objects.resolve(message["args"]), objects.resolve(message["kwargs"])


def message_of(frame: bytes) -> dict[str, Any]:
    """What the frame of a call says."""
    return wire.receive(io.BytesIO(frame).read, 1 << 30)


@contextmanager
def judged(course: Course, name: str) -> Iterator[tuple[Judge, Submission, list[Asked]]]:
    """A judge of an assignment, the solution as a submission, and the calls that it got for the first seed."""
    (assignment,) = courses.pick(course, [name])
    manifest = source_manifest(course, assignment)
    tasks = {task.function: task.id for task in manifest.tasks}
    with (
        open_judge(course, assignment, manifest, hidden=True) as judge,
        variants.written(course, assignment, manifest) as paths,
    ):
        path = next(path for variant, path in paths if variant.kind == variants.SOLUTION)
        submission = notebook.read(path, manifest, "ada", course.limits)
        assert isinstance(submission, Submission)
        judge(submission, seed=0)
        suite = judge._suite  # noqa: SLF001 - what was drawn is nobody else's business
        assert suite is not None
        trusted = Trusted(suite.references)
        found = []
        for recording in suite._replay._recordings.values():  # noqa: SLF001
            for one in recording.calls:
                call = one.call
                asked = Asked(tasks[call.function], call.function, one.frame, call.times, {})
                if not asked.takes_ours:
                    args, kwargs = asked.arguments()
                    answer = trusted.call(Call(call.function, tuple(args), kwargs, times=call.times), watch="")
                    asked = replace(asked, answer=answer)
                found.append(asked)
        yield judge, submission, found


# ── for the peers ─────────────────────────────────────────────────────────────────────────────────

HIDDEN = """import math, pickle, torch
from autograder.worker.objects import resolve

def agree(answer, expected):
    if isinstance(expected, torch.Tensor):
        return answer.shape == expected.shape and torch.allclose(answer.double(), expected.double(), rtol=1e-3, atol=1e-4, equal_nan=True)
    if isinstance(expected, float):
        return math.isclose(answer, expected, rel_tol=1e-3, abs_tol=1e-4)
    if isinstance(expected, list) and isinstance(answer, list):
        return len(answer) == len(expected) and all(map(agree, answer, expected))
    return bool(answer == expected)

def refused(function, args, kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__

with open({path!r}, "rb") as file:
    calls = pickle.load(file)[{task!r}]
for name, args, kwargs, times, answer in calls:
    function, args, kwargs = globals()[name], resolve(args), resolve(kwargs)
    if "error" in answer:
        assert refused(function, args, kwargs) == answer["error"]["type"], name
    elif "value" not in answer:
        for _ in range(times or 1): function(*args, **kwargs)
    else:
        assert agree(function(*args, **kwargs), answer["value"]), name"""
"""A hidden test of a task, as an ordinary course has it.  Inputs and answers come from a file: as literals in the cell they made IPython
take 40 seconds to read it."""


def hidden_tests(asked: list[Asked], path: Path) -> dict[str, str]:
    """The source of each task's hidden cell, with the calls in a file at `path`; but for those of which an argument is a function of the
    grader's.

    What is drawn from a generator is only run: any algorithm may draw."""
    kept: dict[str, list[Any]] = {}
    for one in asked:
        if one.takes_ours:
            continue
        message = message_of(one.frame)
        kinds = [value.spec.get("kind") for value in references([message["args"], message["kwargs"]])]
        answer = {} if "generator" in kinds or one.times or _opaque(one.answer.get("value")) else one.answer
        row = (one.function, message["args"], message["kwargs"], one.times, answer)
        kept.setdefault(one.task, []).append(row)
    path.write_bytes(pickle.dumps(kept))
    return {task: HIDDEN.replace("{path!r}", repr(str(path))).replace("{task!r}", repr(task)) for task in kept}


def references(value: Any) -> list[Reference]:
    """All references in a message."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [found for item in value for found in references(item)]
    return [value] if isinstance(value, Reference) else []


def _opaque(value: Any) -> bool:
    """Whether an answer is more than numbers, texts, tensors, and lists and dicts of them."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return any(map(_opaque, value))
    return not (value is None or isinstance(value, (bool, int, float, str, torch.Tensor)))
