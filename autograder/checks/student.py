"""`student`: the proxy through which a check calls the student's functions, and the ways an answer comes about."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

from autograder import wire
from autograder.checks.authoring import Mismatch, show
from autograder.checks.forbidden import banned_operator
from autograder.model import Outcome
from autograder.worker import objects
from autograder.worker.attempt import Attempt
from autograder.worker.client import Lost, Worker, encode_call


class Stop(BaseException):
    """Ends a check: there is no answer to judge.  A BaseException, so that no check and no Hypothesis run catches it."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Policy:
    """What the task under judgement forbids; with nothing forbidden nothing is watched."""

    forbidden: tuple[str, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Call:
    """The call that is being judged, for messages."""

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [show(value) for value in self.args] + [f"{name}={show(value)}" for name, value in self.kwargs.items()]
        return f"{self.function}({', '.join(parts)})"


class Transport(Protocol):
    """How a call is answered: `{"value": …}`, `{"error": {…}}` or `{"missing": True}`, with "ops" and "changed" if asked for."""

    def call(self, call: Call, *, keep: bool, watch: bool) -> dict[str, Any]: ...


class Student:
    """`student.softmax(x)` is the student's answer as plain data; `.raises` and `.unchanged` say more about one call."""

    def __init__(self) -> None:
        self.transport_: Transport | None = None
        self.policy_ = Policy()
        self.last_: Call | None = None

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
        answer = self._ask(args, kwargs, keep=False)
        if "error" in answer:
            raise _error_stop(answer["error"])
        return answer.get("value")

    def raises(self, kind: type[Exception], *args: Any, naming: str = "", **kwargs: Any) -> None:
        """The call raises `kind` (or a subclass), and its text contains `naming`."""
        __tracebackhide__ = True
        answer = self._ask(args, kwargs, keep=False)
        if "error" not in answer:
            raise Mismatch(f"gave {show(answer.get('value'))} where {kind.__name__} must be raised")
        error = answer["error"]
        if kind.__name__ not in error.get("bases", ()):
            raise _error_stop(error)
        if naming not in str(error.get("message", "")):
            raise Mismatch(
                f"raised {kind.__name__} with the text {str(error.get('message'))!r}, which does not name {naming}"
            )

    def unchanged(self, *args: Any, **kwargs: Any) -> Any:
        """The answer of a call that leaves its arguments as they were."""
        __tracebackhide__ = True
        answer = self._ask(args, kwargs, keep=True)
        if "error" in answer:
            raise _error_stop(answer["error"])
        if answer.get("changed") is not False:
            raise Mismatch("changed its arguments in place; work on a copy")
        return answer.get("value")

    def _ask(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: bool) -> dict[str, Any]:
        student = self._student
        if student.transport_ is None:
            raise RuntimeError("no submission is being judged")
        student.last_ = Call(self._name, args, kwargs)
        policy = student.policy_
        try:
            answer = student.transport_.call(student.last_, keep=keep, watch=bool(policy.forbidden))
        except Lost as lost:
            raise Stop(lost.outcome, f"{student.last_} {lost}.") from None
        if answer.get("missing") is True:
            raise Stop(Outcome.NOT_ATTEMPTED, f"There is no function `{self._name}` in the notebook.")
        if "error" in answer and not isinstance(answer["error"], dict):
            raise Stop(Outcome.CRASHED, "The process sent something that is not an answer.")
        used = banned_operator(answer.get("ops"), policy.forbidden)
        if used:
            raise Stop(Outcome.BANNED, f"`{used}` was used while `{self._name}` ran. {policy.why}".strip())
        return answer


def _error_stop(error: dict[str, Any]) -> Stop:
    kind, message = str(error.get("type", "Error"))[:100], str(error.get("message", ""))[:500]
    line, code = error.get("line"), str(error.get("code", ""))[:200]
    where = f" (line {line}: `{code}`)" if isinstance(line, int) and line > 0 and code else ""
    if kind == "NotImplementedError":
        return Stop(Outcome.NOT_ATTEMPTED, "Not attempted yet: the stub still raises NotImplementedError.")
    outcome = Outcome.MEMORY if kind == "MemoryError" else Outcome.STUDENT_ERROR
    return Stop(outcome, f"raised {kind}: {message}{where}" if message else f"raised {kind}{where}")


# ── transports ────────────────────────────────────────────────────────────────────────────────────


class Trusted:
    """Answers from the suite's own references, in this process; used while inputs are drawn and for callbacks."""

    def __init__(self, references: SimpleNamespace) -> None:
        self._references = references
        self.frames: list[bytes] = []

    def call(self, call: Call, *, keep: bool, watch: bool) -> dict[str, Any]:  # noqa: ARG002 - nothing to watch here
        self.frames.append(encode_call(call.function, call.args, call.kwargs, keep=keep))
        answer = self.answer(call.function, list(call.args), call.kwargs)
        return {**answer, "ops": [], "changed": False}

    def answer(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """What the reference called `name` gives, as it would arrive over the wire."""
        try:
            value = getattr(self._references, name)(*args, **kwargs)
        except Exception as error:
            bases = [cls.__name__ for cls in type(error).__mro__]
            return {"error": {"type": type(error).__name__, "bases": bases, "message": str(error)}}
        frame = wire.encode({"value": value}, objects.refer)
        return wire.receive(_from_bytes(frame), 1 << 30)


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
        self._batch: list[bytes] = []
        self._position = 0
        self._worker: Worker | None = None

    def begin(self, frames: list[bytes], *, watch: bool) -> None:
        """Sends the recorded calls of a check."""
        self._batch, self._position = frames, 0
        self._worker = self._attempt.worker()
        self._worker.begin(frames, watch=watch)

    def end(self) -> None:
        """Forgets what is left of a batch."""
        self._batch = []
        if self._worker is not None and not self._worker.closed:
            try:
                self._worker.drain()
            except Lost:
                self._worker.close()
        self._worker = None

    def call(self, call: Call, *, keep: bool, watch: bool) -> dict[str, Any]:
        frame = encode_call(call.function, call.args, call.kwargs, keep=keep)
        if self._position < len(self._batch) and frame == self._batch[self._position]:
            self._position += 1
            assert self._worker is not None
            return self._worker.next_answer()
        if self._batch:
            self.end()
        worker = self._attempt.worker()
        worker.begin([frame], watch=watch)
        return worker.next_answer()
