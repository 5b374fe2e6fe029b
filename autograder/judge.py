"""One submission → one Judgement: runs the visible tests and the hidden suite on what a worker answers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from autograder import course as courses
from autograder import draws, fingerprint, notebook
from autograder.checks import stopped
from autograder.checks.errors_said import signature
from autograder.checks.outcomes import banned
from autograder.checks.session import Suite
from autograder.checks.student import Trusted
from autograder.checks.visible import VisibleTests
from autograder.checks.workers import warm_parent
from autograder.code.forbidden import as_written, banned_name, called_tasks
from autograder.code.suspicious import doubt, signs, touches
from autograder.errors import AuthoringError, InfrastructureError
from autograder.journal import Done, withheld
from autograder.model import (
    MISTAKES,
    NOT_SANDBOXED,
    Assignment,
    CheckResult,
    Course,
    Execution,
    Fingerprint,
    Judgement,
    Manifest,
    NotGradable,
    Outcome,
    Report,
    Status,
    Submission,
    Task,
    TaskScore,
    unjudged,
)
from autograder.notebook.repair import lost_names
from autograder.scoring import FORM, scored
from autograder.submitted import Job
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent

_ALONE = "Judged in a process of its own: an answer to another task had changed what this one relies on."

_RAN = re.compile(r"`([^`]+)`(?= was used while )")


class Judge:
    """Judges submissions of one assignment, one after another.  Made by `open_judge`."""

    def __init__(
        self,
        course: Course,
        manifest: Manifest,
        parent: WarmParent,
        suite: Suite | None,
        *,
        secret: list[int],
        depends_on: Fingerprint,
    ) -> None:
        self._depends_on = depends_on
        self.course, self.manifest, self._parent, self._suite, self._seeds = course, manifest, parent, suite, secret
        self._visible = VisibleTests(manifest)
        if suite is not None:
            _agree(manifest, suite)

    def __call__(
        self, submission: Submission | NotGradable, *, seed: int | None = None, only: tuple[str, ...] = ()
    ) -> Judgement:
        """The judgement of one submission.  Raises only for faults that are ours.  `seed` is the number of the one secret
        seed to judge with; by default all of them are used (`checks.session.Suite.run`), the same for everybody.  `only` are the tasks that
        are asked for (default: all)."""
        if isinstance(submission, NotGradable):
            return Judgement(
                unjudged(
                    submission, Status.NOT_GRADABLE, self.manifest.max_score, submission.reason,
                    checks=self._depends_on.checks, environment=self._depends_on.environment,
                )
            )  # fmt: skip
        seeds = self._seeds if seed is None else [self._seeds[seed % len(self._seeds)]]
        judgement, killed = self._judge(submission, seeds, only)
        if killed:
            # Something outside the notebook (the OOM killer, a person) may have killed the worker.  Blame the notebook only if it happens twice.
            judgement, _ = self._judge(submission, seeds, only)
        if fault := stopped.setup_fault(submission, judgement.report.execution.errors):
            raise fault
        return judgement

    @property
    def is_able(self) -> bool:
        """Whether there is anything left that workers can be forked from."""
        return self._parent.is_alive

    def _judge(self, submission: Submission, seeds: Sequence[int], only: tuple[str, ...]) -> tuple[Judgement, bool]:
        """The judgement, and whether a worker was killed on the way to it."""
        sources = submission.code
        alone = touches(sources)  # before the submission's time begins to run
        functions = {task.id: task.function for task in self.manifest.tasks}
        with Attempt(self._parent, submission, self.course.limits, functions) as attempt:
            tasks = [task for task in self.manifest.tasks if not only or task.id in only]
            scores = []
            for later, task in zip(reversed(range(len(tasks))), tasks, strict=True):
                if alone:
                    attempt.renew()
                attempt.begin_task(later)
                scores.append(self._first(task, sources, attempt, seeds))
            scores = self._each_by_itself(tasks, scores, sources, attempt, seeds)
            scores = self._charged_once(scores, sources, attempt, seeds)
            execution, outputs, killed = attempt.execution(), attempt.outputs, attempt.killed
            lost = lost_names(submission.cells, attempt.lost, self._functions())
        scores = [
            self._rescored(stopped.told(score, task.function, submission, execution.errors))
            for score, task in zip(scores, tasks, strict=True)
        ]
        report = self._report(submission, tuple(scores), execution)
        report = dataclasses.replace(report, repairs=(*report.repairs, *lost), flags=(*report.flags, *signs(sources)))
        return Judgement(report, outputs), killed

    def _first(self, task: Task, sources: list[str], attempt: Attempt, seeds: Sequence[int]) -> TaskScore:
        checks = self._visible.run(task.id, attempt, weight=0.0 if self._suite else 1.0)
        if self._suite is not None:
            checks += self._hidden(task, sources, attempt, seeds)
        return self._scored(task, checks)

    def _hidden(
        self, task: Task, sources: list[str], attempt: Attempt, seeds: Sequence[int]
    ) -> tuple[CheckResult, ...]:
        assert self._suite is not None
        policy = self._suite.tasks[task.id].policy
        functions = self._functions()
        checks = self._suite.run(
            task.id,
            attempt,
            seeds,
            doubt=doubt(sources, task.function, functions),
            tasks=functions,
            takes=signature(sources, task.function),
        )
        if checks and all(check.outcome is Outcome.SKIPPED for check in checks):
            # The gradebook has one worth of a task for the whole class: these points can neither be given nor leave the sum.
            raise InfrastructureError(
                f"No check of {task.id} can be asked on this machine: {checks[0].message}",
                "Grade where there is what they need.",
            )
        attempted = not all(check.outcome is Outcome.NOT_ATTEMPTED for check in checks)
        name = banned_name(sources, task.function, policy.forbidden, self._functions()) if attempted else ""
        if name:
            return banned(checks, f"`{name}` is used in the answer. {policy.why}")
        return tuple(self._as_written(check, task.function, sources) for check in checks)

    def _as_written(self, check: CheckResult, function: str, sources: list[str]) -> CheckResult:
        """`check`, in which a ban that was noticed while the answer ran names what stands in the source."""
        ran = _RAN.match(check.message) if check.outcome is Outcome.BANNED else None
        if ran is None:
            return check
        name = as_written(sources, function, ran[1], self._functions())
        return dataclasses.replace(check, message=f"`{name}`{check.message[ran.end() :]}")

    def _each_by_itself(
        self, tasks: list[Task], scores: list[TaskScore], sources: list[str], attempt: Attempt, seeds: Sequence[int]
    ) -> list[TaskScore]:
        """Judges again what was spoilt by what the answers to other tasks left behind in the process.

        The first check that each task failed is asked once more in a fresh worker: first of the tasks that call no other, last task
        first, so that none comes after the same others as before.  Only a task whose check passes now is judged again as a whole, in a
        worker of its own."""
        suite, lost = self._suite, {}
        for task, score in list(zip(tasks, scores, strict=True))[1:]:
            failed = [check for check in score.checks if not check.visible and check.outcome in MISTAKES]
            if failed:
                lost[task.id] = failed[0].name
        if suite is None or not lost:
            return scores
        attempt.renew()
        changed = set()
        calls = {task.id: len(called_tasks(sources, task.function, self._functions())) for task in tasks}
        for task in sorted((task for task in reversed(tasks) if task.id in lost), key=lambda task: calls[task.id]):
            attempt.begin_task(0)
            if suite.passes(task.id, lost[task.id], attempt, seeds):
                changed.add(task.id)
        result = []
        for task, score in zip(tasks, scores, strict=True):
            again = score
            if task.id in changed:
                attempt.renew()
                attempt.begin_task(0)
                again = dataclasses.replace(self._first(task, sources, attempt, seeds), note=_ALONE)
            result.append(again if again.score > score.score else score)
        return result

    def _charged_once(
        self, scores: list[TaskScore], sources: list[str], attempt: Attempt, seeds: Sequence[int]
    ) -> list[TaskScore]:
        """Judges again each task that lost points and calls earlier answers that are wrong, or any that is still a stub, with those answered by
        the references."""
        suite = self._suite
        if suite is None:
            return scores
        wrong = {score.id for score in scores if score.score < score.points}
        tasks = [task for task in self.manifest.tasks if task.id in {score.id for score in scores}]
        functions = {task.id: task.function for task in tasks}
        trusted = Trusted(suite.references)
        stubs = {score.id for score in scores if _is_stub(score)}
        order, result = list(functions), []
        for task, score in zip(tasks, scores, strict=True):
            called = called_tasks(sources, task.function, self._functions())
            # Of later ones only the stubs: of two wrong answers that call each other, each would be given the other's reference.
            earlier = {other for other in order[: order.index(task.id)] if other in wrong}
            helpers = tuple(
                functions[other] for other in order if other in earlier | stubs and functions[other] in called
            )
            if task.id not in wrong or not helpers:
                result.append(score)
                continue
            attempt.use_helpers({name: trusted.helper(name) for name in helpers})
            attempt.begin_task(0)
            visible = self._visible.run(task.id, attempt, weight=0.0)
            again = self._scored(task, visible + self._hidden(task, sources, attempt, seeds))
            names = ", ".join(f"`{helper}`" for helper in helpers)
            note = f"Judged with a correct {names}: the mistake there is charged there, not here."
            # Also where it gains nothing: what is wrong with correct helpers is wrong here.
            is_truer = again.score > score.score or (again.score == score.score and again.causes != score.causes)
            result.append(dataclasses.replace(again, note=note) if is_truer else score)
        return result

    def _scored(self, task: Task, checks: tuple[CheckResult, ...]) -> TaskScore:
        return self._rescored(TaskScore(task.id, task.title, task.points, 0.0, checks))

    def _rescored(self, score: TaskScore) -> TaskScore:
        return scored(score, self._suite.tasks[score.id].form if self._suite else FORM)

    def _functions(self) -> tuple[str, ...]:
        return tuple(task.function for task in self.manifest.tasks)

    def _report(self, submission: Submission, tasks: tuple[TaskScore, ...], execution: Execution) -> Report:
        return Report(
            notebook=str(submission.path),
            assignment=self.manifest.assignment,
            student=submission.student,
            status=Status.GRADED,
            score=round(sum(task.score for task in tasks), 2),
            max_score=self.manifest.max_score,
            tasks=tasks,
            execution=dataclasses.replace(execution, sandbox=NOT_SANDBOXED) if self.course.unsafe else execution,
            repairs=submission.repairs,
            flags=submission.flags,
            fingerprint=dataclasses.replace(self._depends_on, submission=submission.digest),
        )


def judged(judge: Judge, job: Job, submission: Submission | NotGradable | None = None) -> Done:
    """What `judge` says of `job`, which is read here unless the `submission` is there already.

    A fault that is ours withholds this one grade, loudly, and the class goes on."""
    try:
        submission = submission or notebook.read(job.path, judge.manifest, job.student, judge.course.limits)
        return Done(job, submission, judge(submission, seed=job.seed, only=job.only))
    except Exception as error:
        return withheld(job, judge.manifest, error, submission)


def _is_stub(score: TaskScore) -> bool:
    hidden = [check for check in score.checks if not check.visible]
    return bool(hidden) and all(check.outcome is Outcome.NOT_ATTEMPTED for check in hidden)


def _agree(manifest: Manifest, suite: Suite) -> None:
    for task in manifest.tasks:
        declared = suite.tasks.get(task.id)
        if declared is None:
            raise AuthoringError(f"{manifest.assignment}: task {task.id} has no hidden checks.")
        if declared.points != task.points:
            raise AuthoringError(
                f"{manifest.assignment}: {task.id} has {task.points:g} points in the notebook, {declared.points:g} in the suite."
            )
        if not hasattr(suite.references, task.function):
            raise AuthoringError(f"{manifest.assignment}: references.py has no {task.function}.")
    for task_id in suite.tasks:
        if task_id not in {task.id for task in manifest.tasks}:
            raise AuthoringError(
                f"{manifest.assignment}: the suite checks {task_id}, which the notebook does not have."
            )


@contextmanager
def open_judge(
    course: Course, assignment: Assignment, manifest: Manifest, *, hidden: bool, seeds: tuple[int, ...] = ()
) -> Iterator[Judge]:
    """A judge for one assignment: starts the warm parent and collects the suite (`hidden`), and ends both.  `seeds` are the secret ones,
    for whoever has them already; by default the course's own are read.

    Raises AuthoringError for a broken suite or notebook, WorkerError where no worker can be had."""
    with ExitStack() as stack:
        parent = stack.enter_context(warm_parent(course, assignment, manifest))
        # Before the suite is read: an edit in between makes these results stale, and does not pass for judged.
        depends_on = Fingerprint(
            checks=fingerprint.checks(course, assignment, manifest) if hidden else "",
            environment=fingerprint.environment(course, assignment),
        )
        suite = stack.enter_context(Suite(courses.checks_dir(course, assignment.name))) if hidden else None
        secret = list(seeds) or (draws.seeds(course, assignment.name) if hidden else [0])
        parent.watch(suite.forbidden if suite else ())
        yield Judge(course, manifest, parent, suite, secret=secret, depends_on=depends_on)
