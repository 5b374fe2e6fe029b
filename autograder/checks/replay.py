"""Draw once, judge many: the inputs of a check are drawn on the references, kept, and replayed for every submission.

Hypothesis needs 0.5 ms and more for an example and pytest's reporting is slow to set up, so each check's inputs are drawn once per seed.
A submission gets all calls of a check as one batch, smallest input first, so that the first failure is already a small counterexample."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from hypothesis.strategies import DataObject

from autograder.checks.authoring import Mismatch
from autograder.checks.outcomes import run_check
from autograder.checks.remembered import Remembered
from autograder.checks.student import Live, Policy, Recorded, Stop, Student, Trusted
from autograder.errors import AuthoringError
from autograder.model import Kind

MAX_EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Recording:
    """The inputs of one check for one seed, smallest first, and the calls that they lead to.  `again`: the first is asked once more
    after all others, because an answer may be right only the first time."""

    examples: tuple[dict[str, Any], ...]
    calls: tuple[Recorded, ...]
    again: bool

    @property
    def kind(self) -> Kind:
        """In which way a check fails that does what it is there for: the most special thing that it wants to know of a call."""
        judged = {recorded.call.judges for recorded in self.calls}
        return next((kind for kind in (Kind.NOT_RAISED, Kind.CHANGED_INPUT) if kind in judged), Kind.VALUES)


class Drawn:
    """Stands in for the argument of `st.data()`: draws once, then gives the same values in the same order again."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._values: list[Any] = []
        self._position = 0

    def draw(self, strategy: Any, label: Any = None) -> Any:
        if self._data is not None:
            self._values.append(self._data.draw(strategy, label))
        self._position += 1
        return self._values[self._position - 1]

    def rewind(self) -> None:
        self._data, self._position = None, 0


class Replay:
    """Keeps the recordings of a suite and runs its checks from them."""

    def __init__(self, student: Student, references: Any, remembered: Remembered) -> None:
        self._student, self._references, self._remembered = student, references, remembered
        self._recordings: dict[tuple[str, int], Recording] = {}

    @staticmethod
    def profile() -> hypothesis.settings:
        return hypothesis.settings(
            max_examples=MAX_EXAMPLES,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
            suppress_health_check=list(hypothesis.HealthCheck),
            print_blob=False,
        )

    def kind(self, item: pytest.Function, seed: int) -> Kind:
        """In which way a check, which has been run, fails that does what it is there for."""
        known = self._recordings.get((item.nodeid, seed))
        return known.kind if known is not None else Kind.VALUES

    def run(self, item: pytest.Function, seed: int, live: Live) -> None:
        """Judges one check on the submission behind `live`; raises what the check raises."""
        key = (item.nodeid, seed)
        if key not in self._recordings:
            self._recordings[key] = self._record(item, seed)
        recording = self._recordings[key]
        self._student.transport_, self._student.last_ = live, None  # the last call may be another student's
        body = _body(item)
        try:
            if recording.calls:
                live.begin(recording.calls, watch=self._student.policy_.watch)
            for example in recording.examples:
                _judge(body, example)
            if recording.again:
                try:
                    _judge(body, recording.examples[0])
                except AssertionError as error:
                    raise Mismatch(f"{error}; the first time that it was called with this it was right") from error
        finally:
            live.end()
            self._student.transport_ = None

    def _record(self, item: pytest.Function, seed: int) -> Recording:
        trusted, policy = Trusted(self._references), self._student.policy_
        self._student.transport_, self._remembered.drawing = trusted, True
        self._student.policy_ = Policy()  # a doubt is about the submission that happens to be the first
        drawn: list[tuple[int, dict[str, Any], list[Recorded]]] = []
        fixed = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}  # noqa: SLF001 - pytest's way to call a test
        inner = _body(item)

        def keep(**arguments: Any) -> None:
            arguments = {name: Drawn(value) if _is_data(value) else value for name, value in arguments.items()}
            start = len(trusted.calls)
            inner(**arguments)
            _rewind(arguments)
            calls = trusted.calls[start:]
            drawn.append((sum(len(call.frame) for call in calls), arguments, calls))

        try:
            if is_drawn(item):
                _draw(item, seed, fixed, keep)
            else:
                keep(**fixed)
        except (Exception, Stop, pytest.fail.Exception) as error:
            raise AuthoringError(
                f"{item.nodeid} fails on its own reference: {type(error).__name__}: {error}",
                "Mend the check or references.py.",
            ) from error
        finally:
            self._student.transport_, self._remembered.drawing = None, False
            self._student.policy_ = policy
        drawn.sort(key=lambda row: row[0])
        again = len(drawn) > 1
        order = [*drawn, drawn[0]] if again else drawn
        return Recording(tuple(row[1] for row in drawn), tuple(call for row in order for call in row[2]), again)


def _judge(body: Callable[..., None], example: dict[str, Any]) -> None:
    _rewind(example)
    run_check(body, **example)


def _is_data(value: Any) -> bool:
    return isinstance(value, DataObject)


def _rewind(arguments: dict[str, Any]) -> None:
    for value in arguments.values():
        if isinstance(value, Drawn):
            value.rewind()


def is_drawn(item: pytest.Function) -> bool:
    """Whether Hypothesis draws inputs of a check, so that another seed gives others."""
    return hasattr(item.obj, "hypothesis")


def _body(item: pytest.Function) -> Callable[..., None]:
    """The check itself, without Hypothesis around it, bound to its instance."""
    handle = getattr(item.obj, "hypothesis", None)
    body: Callable[..., None] = item.obj if handle is None else functools.partial(_inner(handle), item.instance)
    return body


def _inner(handle: Any) -> Callable[..., None]:
    original: Callable[..., None] = getattr(handle.inner_test, "original", handle.inner_test)
    return original


def _draw(item: pytest.Function, seed: int, fixed: dict[str, Any], keep: Callable[..., None]) -> None:
    handle = item.obj.hypothesis
    original = _inner(handle)

    @functools.wraps(original)
    def recording(*_: Any, **arguments: Any) -> None:
        arguments.pop("self", None)
        keep(**arguments)

    recording.original = original  # type: ignore[attr-defined]
    handle.inner_test = recording
    try:
        item.obj.__func__._hypothesis_internal_use_seed = seed  # noqa: SLF001 - what hypothesis.seed() sets
        item.obj(**fixed)
    finally:
        handle.inner_test = original
