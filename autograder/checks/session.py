"""A hidden suite, collected once and run for one submission after another inside one pytest session."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from autograder import scoring
from autograder.checks import plugin
from autograder.checks.outcomes import Found, banned, outcome_of
from autograder.checks.remembered import Remembered
from autograder.checks.replay import Replay, is_drawn
from autograder.checks.student import Live, Policy, Student
from autograder.errors import AuthoringError
from autograder.model import DEATHS, MISTAKES, CheckResult, Kind, Outcome
from autograder.notebook.text import clean
from autograder.worker.attempt import Attempt

DEATHS_PER_TASK = 2
_THEIRS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
"""Settings of a pytest that may run around this one."""
_LEAN = ("cacheprovider", "terminal", "logging", "faulthandler", "unraisableexception", "threadexception", "warnings",
         "junitxml", "pastebin", "doctest", "stepwise", "debugging", "setuponly", "setupplan", "legacypath")  # fmt: skip


@dataclass(slots=True)
class SuiteTask:
    """The checks of one task as the suite declares them."""

    id: str
    points: float
    form: float
    policy: Policy
    items: list[pytest.Function] = field(default_factory=list)


class Suite:
    """The pytest session of one `checks` folder, in a thread of its own; a context manager.

    Raises AuthoringError where the suite cannot be collected or declares something impossible."""

    def __init__(self, checks: Path) -> None:
        self._checks = checks
        self.tasks: dict[str, SuiteTask] = {}
        self.references = plugin.load_references(checks)
        self._requests: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._student = Student()
        self._remembered = Remembered(self.references)
        self._replay = Replay(self._student, self.references, self._remembered)
        self._live: Live | None = None
        self._seed = 0
        self._result: CheckResult | None = None
        self._error: BaseException | None = None
        self._problem = ""
        self._said, self._collecting = io.StringIO(), contextlib.ExitStack()
        self._thread = threading.Thread(target=self._main, name=f"suite {checks.parent.name}", daemon=True)
        self._thread.start()
        started = self._replies.get()
        if isinstance(started, BaseException):
            raise started

    # ── what the judge asks for ───────────────────────────────────────────────────────────────────

    def run(
        self,
        task_id: str,
        attempt: Attempt,
        seeds: Sequence[int],
        *,
        doubt: str = "",
        tasks: tuple[str, ...] = (),
        takes: str = "",
    ) -> tuple[CheckResult, ...]:
        """Every check of a task on one submission, in the order of the suite.  `doubt`, `tasks`, `takes`: see `Policy`.

        The inputs are those of the first of `seeds`.  Where one of them shows a mistake, those of the others are tried as well, and a
        check passes only if it passes with all of them: what a wrong answer loses depends neither on its file nor on luck."""
        task = self.tasks[task_id]
        policy = dataclasses.replace(task.policy, doubt=doubt, tasks=tasks, takes=takes)
        task = dataclasses.replace(task, policy=policy)
        results: tuple[CheckResult, ...] = self._ask(lambda: self._run_task(task, attempt, seeds))
        return results

    def passes(self, task_id: str, title: str, attempt: Attempt, seeds: Sequence[int]) -> bool:
        """Whether the check of a task that is called `title` passes by itself, with all `seeds`."""
        items = [item for item in self.tasks[task_id].items if _title(item) == title]
        task = dataclasses.replace(self.tasks[task_id], items=items[:1])
        return all(
            self._ask(lambda seed=seed: self._run_task(task, attempt, [seed])[0]).outcome is Outcome.PASSED
            for seed in seeds
        )

    @property
    def forbidden(self) -> set[str]:
        """Every name that some task forbids."""
        return {name for task in self.tasks.values() for name in task.policy.forbidden}

    def close(self, patience: float = 10.0) -> None:
        """Ends the session, and waits for it `patience` seconds."""
        self._requests.put(None)
        self._thread.join(patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        stopped = kind is not None and issubclass(kind, KeyboardInterrupt)
        self.close(0.0 if stopped else 10.0)  # a Ctrl-C may come in the middle of a check

    def _ask(self, request: Callable[[], Any]) -> Any:
        self._requests.put(request)
        reply = self._replies.get()
        if isinstance(reply, BaseException):
            raise reply
        return reply

    # ── the thread ────────────────────────────────────────────────────────────────────────────────

    def _main(self) -> None:
        hypothesis.settings.register_profile("judge", Replay.profile())
        hypothesis.settings.load_profile("judge")
        arguments = [
            str(self._checks), "-c", os.devnull, f"--rootdir={self._checks}", "--noconftest", "--import-mode=importlib",
            "--assert=plain", "--capture=no", "--strict-markers", "-p", "autograder.checks.plugin",
            *(part for name in _LEAN for part in ("-p", f"no:{name}")),
        ]  # fmt: skip
        try:
            with self._collecting as collecting:
                collecting.enter_context(contextlib.redirect_stderr(self._said))
                collecting.enter_context(_nobody_elses_settings())
                status = pytest.main(arguments, plugins=[self])
        except BaseException as error:  # the thread must always answer
            self._replies.put(error)
            return
        if not self.tasks or self._problem:
            detail = self._problem or self._said.getvalue().strip()[-2000:] or f"pytest ended with status {int(status)}"
            self._replies.put(AuthoringError(f"{self._checks} cannot be collected: {detail}"))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._problem = self._problem or str(report.longrepr)[-1500:]

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[plugin.STUDENT] = self._student
        config.stash[plugin.REFERENCE] = self._remembered

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._forget_modules()
        if self._problem or session.testsfailed:
            return True
        for item in session.items:
            self._declare(item)
        for task in self.tasks.values():
            self._weigh(task)
        if self._problem or not self.tasks:
            return True
        self._collecting.close()  # stderr and environment are the whole process's, and this session lives as long as its judge
        self._replies.put(None)
        while (request := self._requests.get()) is not None:
            try:
                self._replies.put(request())
            except BaseException as error:  # handed to the thread that asked
                self._replies.put(error)
        return True

    def _forget_modules(self) -> None:
        """Takes the suite's modules out of sys.modules, where pytest would find them for the next suite with files of the same names."""
        ours = [
            name
            for name, module in list(sys.modules.items())
            if Path(str(getattr(module, "__file__", None) or "/")).parent == self._checks
        ]
        for name in ours:
            del sys.modules[name]

    def _declare(self, item: pytest.Item) -> None:
        marker = item.get_closest_marker("task")
        if marker is None or not isinstance(item, pytest.Function):
            self._problem = f"{item.nodeid} belongs to no task: put @task(id, points=…) on its class"
            return
        policy = Policy.of(item.get_closest_marker("forbids"))
        points, form = float(marker.kwargs["points"]), float(marker.kwargs.get("form", scoring.FORM))
        found = self.tasks.setdefault(marker.args[0], SuiteTask(marker.args[0], points, form, policy))
        found.items.append(item)

    def _weigh(self, task: SuiteTask) -> None:
        plain = sum(_weight(item) for item in task.items if item.get_closest_marker("plain"))
        total = sum(map(_weight, task.items))
        if plain and 3 * plain < total:
            self._problem = f"the plain checks of {task.id} weigh {plain:g} of {total:g}: an answer that is right on ordinary inputs earns a third"

    # ── one task of one submission ────────────────────────────────────────────────────────────────

    def _run_task(self, task: SuiteTask, attempt: Attempt, seeds: Sequence[int]) -> tuple[CheckResult, ...]:
        self._student.policy_ = task.policy
        self._live = Live(attempt)
        self._seed = seeds[0]
        results = self._run_items(task.items)
        for seed in seeds[1:]:
            outcomes = {result.outcome for result in results}
            if outcomes & DEATHS or not outcomes & MISTAKES:
                break
            self._seed = seed
            results = self._run_again(task.items, results)
        if any(result.outcome is Outcome.BANNED for result in results):
            message = next(result.message for result in results if result.outcome is Outcome.BANNED)
            return banned(tuple(results), message)
        return tuple(results)

    def _run_items(self, items: Sequence[pytest.Function]) -> list[CheckResult]:
        """All checks; after a stub, or the second one that ended the process, the rest has the same result without being run."""
        results: list[CheckResult] = []
        settled: Found | None = None
        deaths = 0
        for item in items:
            if settled is not None:
                results.append(_result(item, settled, Kind.VALUES))
                continue
            result = self._run_item(item)
            results.append(result)
            deaths += result.outcome in DEATHS
            if (result.outcome is Outcome.NOT_ATTEMPTED and len(results) == 1) or deaths >= DEATHS_PER_TASK:
                settled = Found(result.outcome, result.message, result.kind, result.detail)
        return results

    def _run_again(self, items: Sequence[pytest.Function], results: Sequence[CheckResult]) -> list[CheckResult]:
        """`results`, in which the checks that passed so far, and whose inputs are drawn, have been tried with another seed."""
        found = list(results)
        for place, (item, before) in enumerate(zip(items, results, strict=True)):
            if before.outcome is not Outcome.PASSED or not is_drawn(item):
                continue
            again = self._run_item(item)
            if again.outcome is Outcome.PASSED:
                again = dataclasses.replace(again, form=before.form or again.form)
            found[place] = again
            if again.outcome in DEATHS:
                break
        return found

    def _run_item(self, item: pytest.Function) -> CheckResult:
        self._result = self._error = None
        item._report_sections.clear()  # noqa: SLF001 - pytest keeps them for a single run
        item.user_properties.clear()
        runtestprotocol(item, log=False, nextitem=None)
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise AuthoringError(f"{item.nodeid} did not run: its set-up failed.")
        return self._result

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        live = self._live
        assert live is not None
        found = outcome_of(lambda: self._replay.run(pyfuncitem, self._seed, live), self._student)
        self._result = _result(pyfuncitem, found, self._replay.kind(pyfuncitem, self._seed))
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Any:
        if call.excinfo is not None:
            self._error = call.excinfo.value
        return (yield)


@contextlib.contextmanager
def _nobody_elses_settings() -> Iterator[None]:
    environ = {name: os.environ.pop(name, None) for name in _THEIRS}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
        os.environ.update({name: value for name, value in environ.items() if value is not None})


def _title(item: pytest.Function) -> str:
    return str((item.function.__doc__ or item.name).strip().splitlines()[0])


def _weight(item: pytest.Function) -> float:
    share = item.get_closest_marker("weight")
    return float(share.args[0]) if share else 1.0


def _topic(item: pytest.Function) -> str:
    """What a check is about, in words: checks of one topic that fail with wrong values have one cause."""
    asked = item.get_closest_marker("asks")
    return (asked.kwargs.get("topic") if asked else "") or _title(item)


def _result(item: pytest.Function, found: Found, own: Kind) -> CheckResult:
    """The result of a check, which is there to find failures of its `own` kind."""
    if own is Kind.CHANGED_INPUT and found.kind in {Kind.VALUES, Kind.RETURNED_NOTHING}:
        found = Found(Outcome.SKIPPED, "Not judged, since the values are wrong; that is charged elsewhere.")
    return CheckResult(
        name=_title(item),
        outcome=found.outcome,
        weight=_weight(item),
        message=clean(found.message[:1000]),
        hint=_hint(item, found, own),
        kind=found.kind,
        detail=clean(found.detail[:300]) or (_topic(item) if found.kind in {Kind.VALUES, Kind.NOT_RAISED} else ""),
        form=clean(found.form[:1000]),
        plain=item.get_closest_marker("plain") is not None,
        heart=item.get_closest_marker("heart") is not None,
    )


def _hint(item: pytest.Function, found: Found, own: Kind) -> str:
    """The check's hint, if the failure is of the kind that the hint is about."""
    advice = item.get_closest_marker("hint")
    if advice is None or found.kind is None:
        return ""
    fits = advice.kwargs.get("when", "").split() or [own.value]
    return str(advice.args[0]) if found.kind.value in fits else ""
