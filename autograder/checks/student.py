"""`student`: the proxy through which a check calls the student's functions, and the ways an answer comes about."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol, Self

from autograder import wire
from autograder.checks import errors_said, identity
from autograder.checks.authoring import Mismatch
from autograder.code.forbidden import banned_operator
from autograder.model import Kind, Outcome
from autograder.notebook.text import clean
from autograder.wire.words import show
from autograder.worker import elsewhere, objects
from autograder.worker.attempt import Attempt
from autograder.worker.handle import Answer, Lost, RawAnswer, Worker, encode_call, here

if TYPE_CHECKING:
    import pytest

ELSEWHERE = {
    elsewhere.THREAD: "Another thread was at work before `{0}` was called or after it had returned",
    elsewhere.PROCESS: "Another process was started or at work while `{0}` ran",
}
UNSEEN = "{}: what it does cannot be seen. Where functions are forbidden this counts as using one."
NO_FUNCTION = "There is no function `{}` in the notebook."


KINDS = {
    Outcome.FAILED: Kind.VALUES,
    Outcome.STUDENT_ERROR: Kind.RAISED,
    Outcome.TIMEOUT: Kind.TOO_SLOW,
    Outcome.MEMORY: Kind.MEMORY,
    Outcome.CRASHED: Kind.CRASHED,
    Outcome.BANNED: Kind.BANNED,
    Outcome.NOT_ATTEMPTED: Kind.NOT_ATTEMPTED,
}
"""In which way a check failed that ended with this outcome."""


class Stop(BaseException):
    """Ends a check: there is no answer to judge.  A BaseException, so that no check and no Hypothesis run catches it."""

    def __init__(
        self, outcome: Outcome, message: str, detail: str = "", *, whole: bool = True, raised: str = ""
    ) -> None:
        """`message` continues the sentence that begins with the call, unless it is `whole`; `raised` is the text of the answer's exception."""
        super().__init__(message)
        self.outcome, self.kind, self.detail, self.whole = outcome, KINDS[outcome], detail, whole
        self.raised = raised


@dataclass(frozen=True, slots=True)
class Policy:
    """What the task under judgement forbids; with nothing forbidden nothing is watched."""

    forbidden: tuple[str, ...] = ()
    why: str = ""
    doubt: str = ""
    """Why nothing is believed that the worker says of itself: what ran in it, and whether an argument was changed."""
    tasks: tuple[str, ...] = ()
    """The functions of all tasks, and"""
    takes: str = ""
    """the parameters of the student's own function, for messages."""

    @classmethod
    def of(cls, forbids: pytest.Mark | None) -> Self:
        """What the marker of a task says."""
        return cls(tuple(forbids.args[0]), forbids.kwargs["why"]) if forbids else cls()

    @property
    def watch(self) -> str:
        """What has to be watched while an answer runs: torch's operators ("operators", which is slow) or only functions ("calls")."""
        if any(name.startswith("torch.") for name in self.forbidden):
            return "operators"
        return "calls" if self.forbidden else ""


@dataclass(slots=True)
class Call:
    """The call that is being judged.  `judges` is what the check wants to know of it; the worker is not told."""

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    keep: bool = False
    times: int = 0
    judges: Kind = Kind.VALUES

    def frame(self) -> bytes:
        return encode_call(self.function, self.args, self.kwargs, keep=self.keep, times=self.times)

    def key(self) -> Hashable:
        """See `identity`."""
        return identity.key(self.function, self.args, {**self.kwargs, "": (self.keep, self.times)})

    def __str__(self) -> str:
        parts = [show(value) for value in self.args] + [f"{name}={show(value)}" for name, value in self.kwargs.items()]
        return f"{self.function}({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call that a check has made while its inputs were drawn.  The call itself is kept because the key does not keep the arguments."""

    call: Call
    key: Hashable
    frame: bytes

    def is_now(self, call: Call) -> bool:
        """Whether `call` is this one again."""
        return (self.key is not None and call.key() == self.key) or call.frame() == self.frame


class Transport(Protocol):
    """How a call is answered: `{"value": …}`, `{"error": {…}}` or `{"missing": True}`, with "ops" and "changed" if asked for."""

    def call(self, call: Call, *, watch: str) -> dict[str, Any]: ...


class Student:
    """`student.softmax(x)` is the student's answer as plain data; `.raises` and `.unchanged` say more about one call."""

    def __init__(self) -> None:
        self.transport_: Transport | None = None
        self.policy_ = Policy()
        self.last_: Call | None = None
        self.returned_nothing_ = False

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_") or name.endswith("_"):
            raise AttributeError(name)
        return Function(self, name)

    def __repr__(self) -> str:
        return "student"


class Function:
    """One function of the student's."""

    def __init__(self, student: Student, name: str) -> None:
        self._student, self._name = student, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._value(self._ask(Call(self._name, args, kwargs)))

    def repeated(self, times: int, *args: Any, **kwargs: Any) -> list[Any]:
        """The answers of `times` calls in a row with the same arguments, among them one generator, which advances."""
        __tracebackhide__ = True
        answers = self._value(self._ask(Call(self._name, args, kwargs, times=times)))
        if not isinstance(answers, list) or len(answers) != times:
            raise Stop(Outcome.CRASHED, "The process sent something that is not an answer.")
        self._student.returned_nothing_ = all(one is None for one in answers)
        return answers

    def raises(self, kind: type[Exception], *args: Any, naming: str = "", **kwargs: Any) -> None:
        """The call raises `kind` (or a subclass), and its text contains `naming`."""
        __tracebackhide__ = True
        answer = self._ask(Call(self._name, args, kwargs, judges=Kind.NOT_RAISED))
        if "error" not in answer:
            raise Mismatch(
                f"returned {show(answer.get('value'))}; expected it to raise {kind.__name__}", Kind.NOT_RAISED
            )
        error = answer["error"]
        bases = error.get("bases")
        if not isinstance(bases, list) or kind.__name__ not in bases:
            raise self._stop(error)
        if naming not in str(error.get("message", "")):
            raise Mismatch(
                f"raised {kind.__name__} with the text {str(error.get('message'))!r}, which does not name {naming}",
                Kind.NOT_RAISED,
            )

    def unchanged(self, *args: Any, **kwargs: Any) -> Any:
        """The answer of a call that leaves its arguments as they were."""
        __tracebackhide__ = True
        return self._unchanged(Call(self._name, args, kwargs, keep=True, judges=Kind.CHANGED_INPUT))

    def in_a_test_cell(self, *args: Any, **kwargs: Any) -> Any:
        """The answer of a call in a visible test.  A cell there would see that its arguments have changed; here only the worker does."""
        return self._unchanged(Call(self._name, args, kwargs, keep=True))

    def _unchanged(self, call: Call) -> Any:
        __tracebackhide__ = True
        answer = self._ask(call)
        value = self._value(answer)
        if answer.get("changed") is not False:
            raise Mismatch("changed its arguments in place; work on a copy", Kind.CHANGED_INPUT)
        return value

    def _ask(self, call: Call) -> dict[str, Any]:
        student = self._student
        if student.transport_ is None:
            raise RuntimeError("no submission is being judged")
        student.last_, student.returned_nothing_, policy = call, False, student.policy_
        if policy.doubt and (policy.forbidden or call.keep):
            raise Stop(Outcome.FAILED, policy.doubt)
        try:
            answer = student.transport_.call(call, watch=policy.watch)
        except Lost as lost:
            raise Stop(lost.outcome, f"{call} {lost}.") from None
        if answer.get("missing") is True:
            raise Stop(Outcome.NOT_ATTEMPTED, NO_FUNCTION.format(self._name))
        if "error" in answer and not isinstance(answer["error"], dict):
            raise Stop(Outcome.CRASHED, "The process sent something that is not an answer.")
        used = banned_operator(answer.get("ops"), policy.forbidden)
        if used:
            raise Stop(Outcome.BANNED, f"`{used}` was used while `{self._name}` ran. {policy.why}".strip())
        if policy.forbidden and (other := elsewhere.named(answer.get("ops"))):
            raise Stop(Outcome.BANNED, UNSEEN.format(ELSEWHERE[other].format(self._name)))
        student.returned_nothing_ = "value" in answer and answer["value"] is None
        return answer

    def _value(self, answer: dict[str, Any]) -> Any:
        if "error" in answer:
            raise self._stop(answer["error"])
        return answer.get("value")

    def _stop(self, error: dict[str, Any]) -> Stop:
        policy = self._student.policy_
        found = errors_said.said(error, self._name, policy.tasks, call=str(self._student.last_), takes=policy.takes)
        raised = clean(str(error.get("message", ""))[:500])
        return Stop(found.outcome, found.message, found.detail, whole=found.whole, raised=raised)


# ── transports ────────────────────────────────────────────────────────────────────────────────────


class Trusted:
    """Answers from the suite's own references, in this process; used while inputs are drawn and for callbacks."""

    def __init__(self, references: SimpleNamespace) -> None:
        self._references = references
        self.calls: list[Recorded] = []

    def call(self, call: Call, *, watch: str) -> dict[str, Any]:  # noqa: ARG002 - nothing to watch here
        self.calls.append(Recorded(call, call.key(), call.frame()))
        one = self.helper(call.function)
        if not call.times:
            return {**one(list(call.args), call.kwargs), "ops": [], "changed": False}
        answers = [one(list(call.args), call.kwargs) for _ in range(call.times)]
        failed = next((answer for answer in answers if "error" in answer), None)
        return failed or {"value": [answer["value"] for answer in answers], "ops": []}

    def helper(self, name: str) -> Answer:
        """What answers calls of the reference called `name`, as they would arrive over the wire."""
        return lambda args, kwargs: answered(getattr(self._references, name), args, kwargs)


def answered(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What `function` of the trusted side gives, or the exception that it raises, as plain data."""
    try:
        value = function(*args, **kwargs)
    except Exception as error:
        bases = [cls.__name__ for cls in type(error).__mro__]
        return {"error": {"type": type(error).__name__, "bases": bases, "message": str(error)}}
    try:
        frame = wire.encode({"value": value}, objects.refer)
    except wire.WireError as error:
        return {"error": {"type": "ValueError", "bases": ["ValueError"], "message": str(error)}}
    answer: dict[str, Any] = objects.resolve(wire.receive(_from_bytes(frame), 1 << 30))
    return answer


def _from_bytes(frame: bytes) -> Any:
    position = 0

    def read(length: int) -> bytes:
        nonlocal position
        position += length
        return frame[position - length : position]

    return read


class Live:
    """Answers from a worker.  Calls that were recorded beforehand go out as one batch; any other goes out by itself."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._batch: Sequence[Recorded] = ()
        self._position = 0
        self._worker: Worker | None = None

    def begin(self, calls: Sequence[Recorded], *, watch: str) -> None:
        """Sends the recorded calls of a check."""
        self._batch, self._position = calls, 0
        self._worker = self._attempt.worker()
        self._worker.begin([call.frame for call in calls], watch=watch)

    def end(self) -> None:
        """Forgets what is left of a batch."""
        self._batch = ()
        if self._worker is not None and not self._worker.closed:
            try:
                self._worker.drain()
            except Lost:
                self._worker.close()
        self._worker = None

    def call(self, call: Call, *, watch: str) -> dict[str, Any]:
        spies: dict[str, RawAnswer] = {spy.name: here(spy.answer) for spy in _spies([call.args, call.kwargs])}
        if self._position < len(self._batch) and self._batch[self._position].is_now(call):
            self._position += 1
            worker = self._worker
            assert worker is not None
        else:
            if self._batch:
                self.end()
            worker = self._attempt.worker()
            worker.begin([call.frame()], watch=watch)
        worker.spies = spies
        try:
            return worker.next_answer()
        finally:
            worker.spies = {}


class Spy(objects.Remote):
    """A callable that a check passes to a student's function: it is answered here, and remembers its calls.

    `calls` holds (args, kwargs) of each; what is iterable and no plain value has become a list on its way."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        super().__init__(name)
        self._function = function
        self.calls: list[tuple[list[Any], dict[str, Any]]] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls.append((list(args), kwargs))
        return self._function(*args, **kwargs)

    def answer(self, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The answer to a call that came over the wire."""
        return answered(self, args, kwargs)

    def __repr__(self) -> str:
        return f"<{self.name}>"


def _spies(value: Any) -> list[Spy]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [spy for item in value for spy in _spies(item)]
    return [value] if isinstance(value, Spy) else []
