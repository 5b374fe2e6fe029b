"""The process that judges and warm parents are forked from: what it knows, what a fork inherits, and when it ends."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_class

from autograder import draws
from autograder.checks.student import Call, Live
from autograder.judge_process import JudgeProcess, Opening
from autograder.model import Cell, Course, Limits, Role, Submission
from autograder.release import released
from autograder.sandbox import policy
from autograder.submitted import handed_in
from autograder.worker import forkserver
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent

SECRET = "no-worker-may-know-this"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return small_class.make(tmp_path_factory.mktemp("course"))


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of this test's own, for a process whose environment holds a secret."""
    monkeypatch.setattr(forkserver, "_client", forkserver._Client())
    monkeypatch.setenv("AUTOGRADER_GRADEBOOK", f"sqlite:///{SECRET}")
    yield
    forkserver._client._forget()


@pytest.fixture
def judge(small: Course, client: None) -> Iterator[JudgeProcess]:  # noqa: ARG001 - the judge is a fork of its server
    made = started(small)
    yield made
    made.close()


def starting(small: Course) -> JudgeProcess:
    (assignment,) = small.assignments
    secret = tuple(draws.seeds(small, assignment.name))
    return JudgeProcess(Opening(small, assignment, released(small, assignment), hidden=True, seeds=secret))


def started(small: Course) -> JudgeProcess:
    made = starting(small)
    made.wait_until_open()
    return made


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def forks_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def memory_of(process: int) -> Iterator[bytes]:
    """What a process has written, region by region."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(one, 16) for one in span.split("-"))
                memory.seek(start)
                yield memory.read(end - start)


def knows(process: int, secret: str) -> bool:
    return any(secret.encode() in region for region in memory_of(process))


def test_no_secret_of_the_command_or_of_the_checks_is_where_workers_are_forked_from(
    judge: JudgeProcess, small: Course
) -> None:
    server = parent_of(judge.pid)
    (warm_parent,) = set(forks_of(server)) - {judge.pid}
    (suite,) = (small.root / "source" / small_class.NAME / "checks").glob("test_*.py")
    title = max(re.findall(r'"""(.+)"""', suite.read_text(encoding="utf-8")), key=len)
    judge.ask(handed_in(small, small.assignments[0])[0])
    assert judge.answer().judgement.report.max_score > 0

    for secret in (SECRET, title):
        assert knows(judge.pid, secret), "else this test would find nothing anywhere"
        assert not knows(server, secret)
        assert not knows(warm_parent, secret)


def test_a_fork_holds_open_what_it_was_given_and_nothing_else(judge: JudgeProcess) -> None:
    (warm_parent,) = set(forks_of(parent_of(judge.pid))) - {judge.pid}
    sockets = [
        path.name for path in Path(f"/proc/{warm_parent}/fd").iterdir() if re.match("socket:", str(path.readlink()))
    ]

    assert sockets == ["3"]


def test_a_judge_that_hangs_before_it_is_open_can_be_ended(small: Course, client: None) -> None:  # noqa: ARG001
    hanging = starting(small)
    assert not hanging.is_open()
    handle = os.pidfd_open(hanging.pid)
    os.kill(hanging.pid, signal.SIGSTOP)
    hanging.close(0.1)
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)


def test_nothing_is_left_of_a_fork_that_was_killed(judge: JudgeProcess) -> None:
    server = parent_of(judge.pid)
    os.kill(judge.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while judge.pid in forks_of(server):
        assert time.monotonic() < deadline, "the server keeps its dead"


def test_a_worker_has_the_time_zone_and_the_models_of_whoever_started_the_command(
    small: Course,
    client: None,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("XDG_CACHE_HOME", str(tmp_path)), ("TZ", "Asia/Tokyo"), ("LC_ALL", "C.UTF-8")):
        monkeypatch.setenv(name, value)
    source = """
import os, time
from huggingface_hub import constants
def seen(): return [time.strftime("%Z"), os.environ["LC_ALL"], os.environ["HF_HUB_CACHE"], constants.HF_HUB_CACHE]
"""
    submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", (Cell(0, Role.ANSWER, "code", source),))
    with WarmParent((), small.required_layers) as parent, Attempt(parent, submission, Limits()) as attempt:
        seen = Live(attempt).call(Call("seen"), watch="")["value"]
    assert seen == ["JST", "C.UTF-8", *[str(tmp_path / "huggingface" / "hub")] * 2]


@pytest.mark.parametrize(
    "names", [(), ("XDG_CACHE_HOME",), ("HUGGINGFACE_HUB_CACHE",), ("HF_HOME",), ("HF_HUB_CACHE",)]
)
def test_the_models_are_where_the_hubs_own_client_looks_for_them(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name in names:
        monkeypatch.setenv(name, f"~/{name}")
    asked = [
        sys.executable,
        "-c",
        "from huggingface_hub import constants as c; print(c.HF_HOME); print(c.HF_HUB_CACHE)",
    ]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split() == list(policy._models())


def test_the_server_ends_with_its_last_client(small: Course, client: None) -> None:  # noqa: ARG001
    judge = started(small)
    server = os.pidfd_open(parent_of(judge.pid))
    forkserver._client._forget()
    judge.ask(handed_in(small, small.assignments[0])[0])  # the judge is a client too
    assert judge.answer().judgement.report.status == "graded"
    assert not select.select([server], [], [], 0)[0]
    judge.close()
    assert select.select([server], [], [], 10)[0]
    os.close(server)


def test_a_server_that_was_killed_is_replaced_and_its_forks_go_on(judge: JudgeProcess, small: Course) -> None:
    killed = parent_of(judge.pid)
    handle = os.pidfd_open(killed)
    os.kill(killed, signal.SIGKILL)
    select.select([handle], [], [])
    os.close(handle)
    other = started(small)
    assert parent_of(other.pid) != killed
    for one in (judge, other):
        one.ask(handed_in(small, small.assignments[0])[0])
        assert one.answer().judgement.report.status == "graded"
    other.close()
