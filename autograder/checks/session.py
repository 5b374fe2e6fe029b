"""A hidden suite, collected once and run for one submission after another inside one pytest session."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from autograder.checks import plugin
from autograder.checks.authoring import Mismatch
from autograder.checks.remembered import Remembered
from autograder.checks.replay import Replay, Unusable
from autograder.checks.student import Live, Policy, Stop, Student
from autograder.errors import AuthoringError
from autograder.model import CheckResult, Outcome
from autograder.notebook.text import clean
from autograder.worker.attempt import Attempt
from autograder.worker.handle import Lost

DEATHS_PER_TASK = 2
_DEATHS = {Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED}
_THEIRS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
"""Settings of a pytest that may run around this one."""
_LEAN = ("cacheprovider", "terminal", "logging", "faulthandler", "unraisableexception", "threadexception", "warnings",
         "junitxml", "pastebin", "doctest", "stepwise", "debugging", "setuponly", "setupplan", "legacypath")  # fmt: skip


@dataclass(slots=True)
class SuiteTask:
    """The checks of one task as the suite declares them."""

    id: str
    points: float
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
        self._thread = threading.Thread(target=self._main, name=f"suite {checks.parent.name}", daemon=True)
        self._thread.start()
        started = self._replies.get()
        if isinstance(started, BaseException):
            raise started

    # ── what the judge asks for ───────────────────────────────────────────────────────────────────

    def run(self, task_id: str, attempt: Attempt, seed: int, *, doubt: str = "") -> tuple[CheckResult, ...]:
        """Every check of a task on one submission, in the order of the suite.  `doubt`: see `Policy`."""
        task = self.tasks[task_id]
        task = dataclasses.replace(task, policy=dataclasses.replace(task.policy, doubt=doubt)) if doubt else task
        results: tuple[CheckResult, ...] = self._ask(lambda: self._run_task(task, attempt, seed))
        return results

    def run_one(self, task_id: str, title: str, attempt: Attempt, seed: int) -> CheckResult:
        """The check of a task that is called `title`, by itself."""
        items = [item for item in self.tasks[task_id].items if _title(item) == title]
        task = dataclasses.replace(self.tasks[task_id], items=items[:1])
        result: CheckResult = self._ask(lambda: self._run_task(task, attempt, seed)[0])
        return result

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
        environ = {name: os.environ.pop(name, None) for name in _THEIRS}
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        arguments = [
            str(self._checks), "-c", os.devnull, f"--rootdir={self._checks}", "--noconftest", "--import-mode=importlib",
            "--assert=plain", "--capture=no", "--strict-markers", "-p", "autograder.checks.plugin",
            *(part for name in _LEAN for part in ("-p", f"no:{name}")),
        ]  # fmt: skip
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said):
                status = pytest.main(arguments, plugins=[self])
        except BaseException as error:  # the thread must always answer
            self._replies.put(error)
            return
        finally:
            os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
            os.environ.update({name: value for name, value in environ.items() if value is not None})
        if not self.tasks or self._problem:
            detail = self._problem or said.getvalue().strip()[-2000:] or f"pytest ended with status {int(status)}"
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
        if self._problem or not self.tasks:
            return True
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
        bans = item.get_closest_marker("forbids")
        policy = Policy(tuple(bans.args[0]), bans.kwargs["why"]) if bans else Policy()
        found = self.tasks.setdefault(marker.args[0], SuiteTask(marker.args[0], float(marker.kwargs["points"]), policy))
        found.items.append(item)

    # ── one task of one submission ────────────────────────────────────────────────────────────────

    def _run_task(self, task: SuiteTask, attempt: Attempt, seed: int) -> tuple[CheckResult, ...]:
        results: list[CheckResult] = []
        self._student.policy_ = task.policy
        self._seed, self._live = seed, Live(attempt)
        settled: tuple[Outcome, str] | None = None
        deaths = 0
        for item in task.items:
            if settled is not None:
                results.append(_result(item, *settled))
                continue
            result = self._run_item(item)
            results.append(result)
            deaths += result.outcome in _DEATHS
            if (result.outcome is Outcome.NOT_ATTEMPTED and len(results) == 1) or deaths >= DEATHS_PER_TASK:
                settled = result.outcome, result.message
        if any(result.outcome is Outcome.BANNED for result in results):
            message = next(result.message for result in results if result.outcome is Outcome.BANNED)
            results = [_result(item, Outcome.BANNED, message) for item in task.items]
        return tuple(results)

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
        assert self._live is not None
        self._result = _result(pyfuncitem, *self._outcome(pyfuncitem, self._live))
        return True

    def _outcome(self, item: pytest.Function, live: Live) -> tuple[Outcome, str]:
        try:
            self._replay.run(item, self._seed, live)
        except Stop as stop:
            message = str(stop)
            if stop.outcome in {Outcome.STUDENT_ERROR, Outcome.MEMORY} and self._student.last_ is not None:
                message = f"{self._student.last_} {message}"
            return stop.outcome, message
        except Lost as lost:
            return lost.outcome, f"The notebook {lost}."
        except (Mismatch, Unusable) as error:
            return Outcome.FAILED, f"{self._student.last_} {error}"
        except AssertionError as error:
            return Outcome.FAILED, f"{self._student.last_}: {error}"
        except pytest.skip.Exception as error:
            return Outcome.SKIPPED, str(error)
        return Outcome.PASSED, ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Any:
        if call.excinfo is not None:
            self._error = call.excinfo.value
        return (yield)


def _title(item: pytest.Function) -> str:
    return str((item.function.__doc__ or item.name).strip().splitlines()[0])


def _result(item: pytest.Function, outcome: Outcome, message: str = "") -> CheckResult:
    share, advice = item.get_closest_marker("weight"), item.get_closest_marker("hint")
    return CheckResult(
        name=_title(item),
        outcome=outcome,
        weight=float(share.args[0]) if share else 1.0,
        message=clean(message[:1000]),
        hint=advice.args[0] if advice and outcome not in {Outcome.PASSED, Outcome.NOT_ATTEMPTED} else "",
    )
