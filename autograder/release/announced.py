"""What a release announces of its hidden suite, taken from the suite, and whether the notebook says so too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder import course as courses
from autograder.errors import AuthoringError
from autograder.model import Assignment, Course, Manifest, Role
from autograder.notebook.announced import ANNOUNCED, TOPIC, Announced, to_text
from autograder.release.source import cell_place

_FORBIDS = re.compile(
    r"\b(not|n't) (be )?(allowed|used?)\b|\bforbid|\b(may|must) not\b|\b(0|no) points\b|\boff limits\b", re.IGNORECASE
)
_LIBRARY = re.compile(r"\blibrar(y|ies)\b", re.IGNORECASE)


def write(course: Course, assignment: Assignment, manifest: Manifest, folder: Path) -> None:
    """Writes announced.json into `folder`.  Raises AuthoringError where the suite cannot be opened, where a topic is more than a few
    words, or where a task forbids a name and its docstring or its text does not say so."""
    announced = of_suite(course, assignment, manifest)
    for task in manifest.tasks:
        _stands_in_the_notebook(manifest, task.id, announced[task.id])
    (folder / ANNOUNCED).write_text(to_text(announced), encoding="utf-8", newline="\n")


def of_suite(course: Course, assignment: Assignment, manifest: Manifest) -> dict[str, Announced]:
    """Task id → what its checks forbid and look at, in the order of the notebook's tasks."""
    from autograder.checks.session import Suite  # imports torch and pytest

    found = {}
    with Suite(courses.checks_dir(course, assignment.name)) as suite:
        for task in manifest.tasks:
            declared = suite.tasks[task.id]
            marks = (mark for item in declared.items for mark in item.iter_markers("asks"))
            topics = tuple(dict.fromkeys(topic for mark in marks if (topic := mark.kwargs.get("topic", ""))))
            if wrong := [topic for topic in topics if not TOPIC.fullmatch(topic)]:
                raise AuthoringError(
                    f"source/{assignment.name}/checks: the topic {wrong[0]!r} of {task.id} is no short phrase.",
                    "Students read it: at most 50 letters, no code and no brackets.",
                )
            found[task.id] = Announced(declared.policy.forbidden, declared.policy.why, topics)
    return found


def _stands_in_the_notebook(manifest: Manifest, task: str, announced: Announced) -> None:
    if not announced.forbidden:
        return
    stub = next(cell.source for cell in manifest.cells if cell.task == task and cell.role is Role.ANSWER)
    for place, text in (("the docstring of its stub", stub), ("the text above its stub", _text_above(manifest, task))):
        named = _LIBRARY.search(text) or any(_named(name, text) for name in announced.forbidden)
        if not (named and _FORBIDS.search(text)):
            raise AuthoringError(
                f"{cell_place(manifest, task)}: the task forbids `{announced.forbidden[0]}`, and {place} does not say so.",
                "Name there what is not allowed: an answer that uses it gets 0 points.",
            )


def _text_above(manifest: Manifest, task: str) -> str:
    """The text cells between the last answer before the task's and its own."""
    return "\n".join(_texts_above(manifest, task))


def _texts_above(manifest: Manifest, task: str) -> Iterator[str]:
    kept: list[str] = []
    for cell in manifest.cells:
        if cell.role is Role.ANSWER:
            if cell.task == task:
                yield from kept
                return
            kept = []
        elif cell.role is Role.TEXT:
            kept.append(cell.source)


def _named(name: str, text: str) -> bool:
    """Whether `text` names the forbidden function or class: by its last part, as a word."""
    last = name.removesuffix(".*").rpartition(".")[2]
    return re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text) is not None
