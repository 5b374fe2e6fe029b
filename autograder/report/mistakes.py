"""The commonest mistakes of a class: messages that say the same are put together, whatever inputs they were found with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.markup.clean import plain
from autograder.model import Outcome, Report
from autograder.report.statistics import UNTRIED, graded

_LINE = re.compile(r"\s{0,9}\(line \d+(?:: `.*?`)?\)")  # where in the student's code
_QUOTED = re.compile(r"(?<!\w)(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")  # not the ’ of a word
_OBJECT = re.compile(r"<[^<>]*>")
_NUMBER = re.compile(r"(?<![\w.])[+-]?(?:\d+(?:[.,]\d+)*(?:e[+-]?\d+)?|inf|nan)\b", re.IGNORECASE)
_LIST = re.compile(r"\[[^\[\]]*\]")
_CALL = re.compile(r"^\w+\(")
EXAMPLE_CHARACTERS = 600
# Longer messages are compared by their beginning.
COMPARED_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """`students` made it in `checks` of `task`.  `message` is the shortest that said so: it has the smallest counterexample."""

    task: str
    checks: tuple[str, ...]
    outcome: Outcome
    message: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was said about the files of `students`, in the same words."""

    text: str
    students: tuple[str, ...]


def normalised(message: str) -> str:
    """`message` without what differs from input to input: arguments, numbers, texts, lists, objects, line numbers."""
    text = _LINE.sub("", plain(message, COMPARED_CHARACTERS))
    text = _QUOTED.sub("'…'", text)
    text = _OBJECT.sub("<…>", text)
    text = _without_arguments(text)
    text = _NUMBER.sub("#", text)
    while (shorter := _LIST.sub("…", text)) != text:  # from the innermost list outwards
        text = shorter
    return " ".join(text.split())


def _without_arguments(text: str) -> str:
    """`f(1, (2, 3)) returned 4` → `f(…) returned 4`.  Arguments that were cut short reach to the words that follow them."""
    begin = _CALL.match(text)
    if begin is None:
        return text
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")":
            return f"{text[: begin.end()]}…{text[at:]}"
    told = re.search(r"\)?:? (?:returned|raised|changed|called) ", text)
    return f"{text[: begin.end()]}…){text[told.start() :].lstrip(')') if told else ''}"


def mistakes(reports: Iterable[Report]) -> tuple[Mistake, ...]:
    """The mistakes of those who answered, the commonest first.

    Messages are put together where check, outcome and normalised message are the same; then checks of one task that tell the same students
    the same become one mistake, as they most likely are.  A task that was not attempted is none."""
    groups: dict[tuple[str, str, Outcome, str], dict[str, tuple[str, str]]] = {}
    known: dict[str, str] = {}  # message → its normalised form; a class makes the same mistakes
    for report in graded(reports):
        for task in report.tasks:
            for check in task.checks:
                if check.outcome is Outcome.PASSED or check.outcome in UNTRIED:
                    continue
                form = known.get(check.message) or known.setdefault(check.message, normalised(check.message))
                group = groups.setdefault((task.id, check.name, check.outcome, form), {})
                group.setdefault(report.student, (check.message, check.hint))
    merged: dict[tuple[str, Outcome, str, frozenset[str]], list[tuple[str, dict[str, tuple[str, str]]]]] = {}
    for (task_id, name, outcome, form), group in groups.items():
        merged.setdefault((task_id, outcome, form, frozenset(group)), []).append((name, group))
    made = []
    for (task_id, outcome, _, students), parts in merged.items():
        message, hint = min((said for _, group in parts for said in group.values()), key=lambda said: len(said[0]))
        checks = tuple(name for name, _ in parts)
        made.append(
            Mistake(task_id, checks, outcome, plain(message, EXAMPLE_CHARACTERS), hint, tuple(sorted(students)))
        )
    return tuple(sorted(made, key=lambda one: (-len(one.students), -len(one.checks), one.task, one.checks)))


def remarks(said: Iterable[tuple[str, Iterable[str]]]) -> tuple[Remark, ...]:
    """`said` is (student, sentences) for each; what was said of most students comes first."""
    groups: dict[str, list[str]] = {}
    for student, sentences in said:
        for sentence in dict.fromkeys(sentences):
            groups.setdefault(plain(sentence, EXAMPLE_CHARACTERS), []).append(student)
    made = (Remark(text, tuple(sorted(students))) for text, students in groups.items())
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.text)))
