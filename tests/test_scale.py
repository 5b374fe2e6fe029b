"""A class on a Dask cluster: a real scheduler and workers that know nothing of the repository."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import distributed
import pytest
import small_course
from running_cluster import OLD_KERNEL, address_of, connected, end, of_its_own, scheduler, worker

from autograder import bundle, cli, cluster, gradebook, journal, judge_process, notebook, pool, submitted, variants
from autograder import course as courses
from autograder.errors import InfrastructureError
from autograder.journal import Done
from autograder.model import (
    NOT_SANDBOXED,
    Assignment,
    Course,
    Limits,
    Manifest,
    NotGradable,
    Report,
    Status,
    Submission,
)
from autograder.release import source_manifest

STUDENTS = 12
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import this file


@dataclasses.dataclass(frozen=True)
class Class:
    """A class that has handed in right and wrong answers, and what the local pool says of them."""

    course: Course
    assignment: Assignment
    manifest: Manifest
    jobs: list[submitted.Job]
    expected: dict[str, Done]

    def on(self, scheduler: str) -> Iterator[Done]:
        """The class on a cluster."""
        return cluster.judge_all(self.course, self.assignment, self.manifest, self.jobs, scheduler=scheduler)


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Class:
    root = tmp_path_factory.mktemp("course")
    course = small_course.make(root)
    (assignment,) = course.assignments
    manifest = source_manifest(course, assignment)
    gradebook.generate(course, assignment, courses.release_dir(course, "counting").parent)
    known = variants.variants(course, "counting")[2:]
    for number in range(STUDENTS - 1):
        small_course.hand_in(course, f"s{number:02}", known[number % len(known)].name)
    small_course.hand_in_text(course, "radia", "not a notebook")
    jobs = submitted.handed_in(course, assignment)
    local = pool.judge_all(course, assignment, manifest, jobs, hidden=True, processes=1)
    return Class(course, assignment, manifest, jobs, {done.job.student: done for done in local})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file that says where the scheduler of two workers is."""
    folders = [tmp_path_factory.mktemp(name) for name in ("scheduler", "one", "two")]
    place = folders[0] / "scheduler.json"
    with scheduler(place, folders[0]), worker(place, folders[1]), worker(place, folders[2]):
        yield place


@pytest.fixture
def client(place: Path) -> Iterator[distributed.Client]:
    with connected(place, 2) as client:
        yield client


@pytest.fixture
def address(client: distributed.Client) -> str:
    return address_of(client)


def plain(report: Report) -> Report:
    """A report without what is measured."""
    return dataclasses.replace(report, execution=dataclasses.replace(report.execution, seconds=0, peak_memory_mb=0))


def assert_same(done: list[Done], klass: Class, *, but: str = "") -> None:
    """Everybody's result once, and the same as on one machine."""
    assert sorted(one.job.student for one in done) == [job.student for job in klass.jobs]
    for one in done:
        if one.job.student != but:
            expected = klass.expected[one.job.student]
            assert plain(one.judgement.report) == plain(expected.judgement.report)
            assert one.judgement.outputs == expected.judgement.outputs
            assert one.submission == expected.submission


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    klass: Class, client: distributed.Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = next(iter(client.run(os.getpid).values()))
    keep, kept = journal.keep, []

    def keep_and_kill(course: Course, done: Done) -> None:
        keep(course, done)
        kept.append(done)
        if len(kept) == 2:
            os.kill(victim, signal.SIGKILL)

    monkeypatch.setattr(journal, "keep", keep_and_kill)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(klass.course.root))
    assert cli.main(["grade", "counting", "--quiet", "--scheduler", address]) == 0

    assert_same(kept, klass)
    assert gradebook.scores(klass.course, klass.assignment).keys() == klass.expected.keys()
    assert len({one.judgement.report.score for one in klass.expected.values()}) > 2
    assert victim not in client.run(os.getpid).values()
    assert set(client.run(judges_left).values()) == {0}


def judges_left() -> int:
    """In a worker: how many judges are still there."""
    from autograder import node

    return sum(map(len, node._all.values()))


class Deadly(distributed.WorkerPlugin):
    """Alan's notebook ends every worker that gets it."""

    def setup(self, worker: distributed.Worker) -> None:  # noqa: ARG002 - Dask's own signature
        ask = judge_process.JudgeProcess.ask

        def deadly(self: Any, job: submitted.Job, *submission: Any) -> None:
            if job.student == "s05":
                os.kill(os.getpid(), signal.SIGKILL)
            ask(self, job, *submission)

        judge_process.JudgeProcess.ask = deadly  # type: ignore[method-assign, assignment]
        self.before = ask

    def teardown(self, worker: distributed.Worker) -> None:  # noqa: ARG002 - as above
        judge_process.JudgeProcess.ask = self.before  # type: ignore[method-assign]


def test_what_loses_two_workers_is_withheld_and_nothing_else_is(
    klass: Class, client: distributed.Client, address: str
) -> None:
    client.register_plugin(Deadly(), name="deadly")
    try:
        few = dataclasses.replace(klass, jobs=klass.jobs[3:7])
        done = list(few.on(address))
    finally:
        client.unregister_worker_plugin("deadly")

    assert_same(done, few, but="s05")
    (withheld,) = [one.judgement.report for one in done if one.job.student == "s05"]
    assert (withheld.status, withheld.reason) == (Status.GRADER_ERROR, "2 workers were lost that had it.")


def test_a_node_that_would_judge_otherwise_is_named_and_judges_nothing(
    klass: Class, client: distributed.Client, place: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One has another Hypothesis, the other neither namespaces nor Landlock."""
    old, open_ = tmp_path / "old", tmp_path / "open"
    metadata = old / "packages" / "hypothesis-0.1.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: hypothesis\nVersion: 0.1\n", encoding="utf-8")
    open_.mkdir()
    before = set(client.nthreads())
    with worker(place, old, old / "packages"), worker(place, open_, launcher=(sys.executable, "-c", OLD_KERNEL)):
        client.wait_for_workers(4, timeout=60)
        odd = set(client.nthreads()) - before
        assert_same(list(klass.on(address_of(client))), klass)

    assert {said.split()[1] for said in caplog.messages} == odd
    said = " ".join(sorted(caplog.messages, key=lambda said: "sandbox" in said))
    pattern = r".* judges nothing: .* hypothesis 0\.1 instead of [\d.]+\. .* judges nothing: The sandbox cannot hold .*"
    assert re.fullmatch(pattern, said)


def test_workers_that_go_after_the_last_result_are_not_missed(
    klass: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "NOBODY_SECONDS", 0.0)
    few = dataclasses.replace(klass, jobs=klass.jobs[:2])
    with of_its_own(tmp_path) as (address, one, client):
        run = few.on(address)
        done = [next(run) for _ in few.jobs]
        end(one, client)
        assert list(run) == []
    assert_same(done, few)


def test_a_scheduler_without_workers_is_looked_at_now_and_then(
    klass: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "NOBODY_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.5)
    nodes = cluster._Run._nodes
    looks: list[Any] = []

    def counted(self: Any) -> Any:
        if not looks:
            self._seen = time.monotonic()  # the worker may have needed long to go
        looks.append(self)
        return nodes(self)

    with of_its_own(tmp_path) as (address, one, client):
        run = dataclasses.replace(klass, jobs=klass.jobs[:2]).on(address)
        next(run)
        end(one, client)
        monkeypatch.setattr(cluster._Run, "_nodes", counted)
        with pytest.raises(InfrastructureError, match="has had no worker for 1 s"):
            list(run)
    assert 1 < len(looks) < 6


def test_checks_that_cannot_be_read_are_not_said_to_be_a_lost_scheduler(
    klass: Class, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise PermissionError("checks/test_counting.py")

    monkeypatch.setattr(cluster, "pack", unreadable)
    with pytest.raises(PermissionError, match="test_counting"):
        list(klass.on(address))


def test_where_no_node_can_judge_the_run_stops(
    klass: Class, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bundle, "judges_with", lambda _: {"torch": "0.1"})
    with pytest.raises(InfrastructureError, match=r"No worker of .* can judge"):
        list(klass.on(address))

    assert len([said for said in caplog.messages if "instead of 0.1" in said]) == 2


def test_a_scheduler_that_dies_in_the_middle_ends_the_run_in_one_line_and_the_next_goes_on(
    klass: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(klass.course.root, tmp_path / "course", ignore=shutil.ignore_patterns("results", "gradebook.db"))
    (tmp_path / "nodes").mkdir()
    place = tmp_path / "scheduler.json"
    keep, kept = journal.keep, []
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "course"))
    with scheduler(place, tmp_path) as one, worker(place, tmp_path / "nodes"):
        with connected(place, 1) as client:
            address = address_of(client)

        def keep_and_kill(course: Course, done: Done) -> None:
            keep(course, done)
            kept.append(done.job.student)
            if len(kept) == 2:
                one.kill()

        with monkeypatch.context() as patch:
            patch.setattr(journal, "keep", keep_and_kill)
            assert cli.main(["grade", "counting", "--quiet", "--scheduler", address]) == 4
    said = capsys.readouterr().err
    assert said.startswith("autograder: ")
    assert "is gone" in said
    assert "run the command again" in said
    assert len(said.splitlines()) == 1

    course = courses.load(tmp_path / "course")
    results = course.root / "results" / "counting"
    before = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert sorted(before) == sorted(f"{student}.json" for student in kept)
    assert cli.main(["grade", "counting", "--quiet", "--jobs", "1"]) == 0
    assert {name: (results / name).stat().st_mtime_ns for name in before} == before
    assert gradebook.scores(course, course.assignments[0]) == {
        student: {task.id: task.score for task in done.judgement.report.tasks}
        for student, done in klass.expected.items()
        if done.judgement.report.tasks
    } | {
        student: {task.id: 0.0 for task in klass.manifest.tasks}
        for student, done in klass.expected.items()
        if not done.judgement.report.tasks
    }


def test_unsafe_reaches_the_nodes_and_stands_on_every_result(
    klass: Class, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(klass.course.root, tmp_path / "course", ignore=shutil.ignore_patterns("results", "gradebook.db"))
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "course"))

    assert cli.main(["grade", "counting", "--quiet", "--unsafe", "--student", "s00", "--scheduler", address]) == 0

    report = journal.load(tmp_path / "course" / "results" / "counting" / "s00.json")
    assert report is not None
    assert report.execution.sandbox == NOT_SANDBOXED
    assert report.score == klass.expected["s00"].judgement.report.score


def test_notebooks_that_cannot_be_read_by_our_fault_are_withheld_and_the_others_are_judged(
    klass: Class, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many at the beginning as there are workers."""
    read = notebook.read
    unread = {job.student for job in klass.jobs[:2]}

    def failing(path: Path, manifest: Manifest, student: str, limits: Limits) -> Submission | NotGradable:
        if student in unread:
            raise RuntimeError("a fault of ours")
        return read(path, manifest, student, limits)

    monkeypatch.setattr(notebook, "read", failing)
    few = dataclasses.replace(klass, jobs=klass.jobs[:5])
    done = {one.job.student: one.judgement.report for one in few.on(address)}

    assert done.keys() == {job.student for job in few.jobs}
    assert {name for name, report in done.items() if report.status == "grader_error"} == unread
