"""Signs that a hidden suite is wrong, and not the class: found in the results alone, before anybody relies on the points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.model import CheckResult, Kind, Manifest, Outcome, Report, TaskScore
from autograder.report.mistakes import mistakes
from autograder.report.statistics import UNTRIED, graded

FEWEST = 3
"""Fewer students than this are no sign of anything."""
FEWEST_FOR_NOBODY = 5
"""A check that nobody passes says little about a class that is smaller."""
SHARED = 1 / 3
"""A mistake in the same words in more than this share of the class."""

_OUTSIDE = (
    ("NaN", re.compile(r"\bnan\b"), re.compile(r"\bnan\b|not finite|not a number", re.IGNORECASE)),
    ("infinity", re.compile(r"\binf\b"), re.compile(r"\binf\b|infinit|finite|ruled out", re.IGNORECASE)),
    (
        "an empty input",
        re.compile(r"\[\]|\(\)|''|\b0 rows\b"),
        re.compile(r"\bempty\b|\bno \w+|\bzero\b", re.IGNORECASE),
    ),
)
"""Inputs that are unusual: what they are, how they look in a call, and how a task's text speaks of them."""
_ANSWERED = re.compile(r" (?:returned|raised|changed) ")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to look at a check before its points are relied on."""

    task: str
    check: str
    reason: str
    students: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.task}, “{self.check}”: {self.reason}"


def doubts(reports: Iterable[Report], manifest: Manifest | None) -> tuple[Doubt, ...]:
    """What is doubtful about the suite, one doubt for each check at the most, the gravest first.

    Without a manifest nothing is known of what the tasks say, and no input is taken for one that they do not mention."""
    found = graded(reports)
    every = [*_nobody_passes(found), *_fails_the_good(found)]
    every += _outside_the_task(found, manifest) if manifest else ()
    every += _in_many(found)
    first: dict[tuple[str, str], Doubt] = {}
    for doubt in every:
        first.setdefault((doubt.task, doubt.check), doubt)
    return tuple(first.values())


def sentence(found: tuple[Doubt, ...], assignment: str) -> str:
    """The line that `grade` prints: the gravest doubt, how many more there are, and the command that lists them."""
    checks = "one check" if len(found) == 1 else f"{len(found)} checks"
    return (
        f"The suite of {assignment} itself may be wrong in {checks}: {found[0]}"
        f"{'' if len(found) == 1 else f' (and {len(found) - 1} more)'}.  "
        f"Look before you rely on the points: autograder report {assignment}"
    )


def _answers(reports: list[Report]) -> dict[str, list[tuple[str, TaskScore]]]:
    """Task id → (student, result) of those who answered it."""
    found: dict[str, list[tuple[str, TaskScore]]] = {}
    for report in reports:
        for task in report.tasks:
            hidden = _hidden(task)
            if hidden and not all(check.outcome in UNTRIED | {Outcome.BANNED} for check in hidden):
                found.setdefault(task.id, []).append((report.student, task))
    return found


def _hidden(task: TaskScore) -> list[CheckResult]:
    return [check for check in task.checks if not check.visible]


def _failed(check: CheckResult) -> bool:
    return check.outcome not in UNTRIED and check.outcome is not Outcome.PASSED


def _nobody_passes(reports: list[Report]) -> Iterator[Doubt]:
    for task, answers in _answers(reports).items():
        outcomes: dict[str, list[bool]] = {}
        for _, result in answers:
            for check in _hidden(result):
                if check.outcome not in UNTRIED:
                    outcomes.setdefault(check.name, []).append(check.outcome is Outcome.PASSED)
        if not any(any(passed) for passed in outcomes.values()):
            continue  # nobody has understood the task: that is no one check's fault
        students = tuple(student for student, _ in answers)
        for title, passed in outcomes.items():
            if len(passed) >= FEWEST_FOR_NOBODY and not any(passed):
                yield Doubt(task, title, f"none of {len(passed)} who answered passes it", students)


def _fails_the_good(reports: list[Report]) -> Iterator[Doubt]:
    """Of those who pass everything else in the task, most fail this one."""
    for task, answers in _answers(reports).items():
        failing = {student: [check for check in _hidden(result) if _failed(check)] for student, result in answers}
        perfect = sum(not failed for failed in failing.values())
        alone: dict[str, list[str]] = {}
        for student, failed in failing.items():
            if len(failed) == 1:
                alone.setdefault(failed[0].name, []).append(student)
        for check, students in alone.items():
            good = len(students) + perfect
            if len(students) >= FEWEST and 2 * len(students) > good:
                yield Doubt(
                    task,
                    check,
                    f"{len(students)} of the {good} who pass everything else in the task fail it",
                    tuple(students),
                )


def _outside_the_task(reports: list[Report], manifest: Manifest) -> Iterator[Doubt]:
    """An answer that is right but for an input of which the task says nothing."""
    texts = {task.id: _text_of(manifest, task.id) for task in manifest.tasks}
    for task, answers in _answers(reports).items():
        for student, result in answers:
            failed = [check for check in _hidden(result) if _failed(check)]
            if len(failed) != 1 or failed[0].kind not in {Kind.VALUES, Kind.RAISED}:
                continue
            call = _ANSWERED.split(failed[0].message, maxsplit=1)[0]
            for what, looks, named in _OUTSIDE:
                if looks.search(call) and not named.search(texts.get(task, "")):
                    reason = f"an answer that is right elsewhere fails it with {what}, which the task does not mention"
                    yield Doubt(task, failed[0].name, reason, (student,))


def _text_of(manifest: Manifest, task: str) -> str:
    """What the released notebook says about a task: its cell, and the text above it, up to the cell of another task."""
    text: list[str] = []
    for cell in manifest.cells:
        if cell.task == task:
            return "\n".join([*text, cell.source])
        text = [] if cell.task else [*text, cell.source]
    return ""


def _in_many(reports: list[Report]) -> Iterator[Doubt]:
    """A mistake that is described in the same words for over a third of the class."""
    for mistake in mistakes(reports):
        number = len(mistake.students)
        if number >= FEWEST and number > SHARED * len(reports) and mistake.outcome is not Outcome.BANNED:
            reason = f"{number} of {len(reports)} students make the same mistake"
            yield Doubt(mistake.task, mistake.checks[0], reason, mistake.students)
