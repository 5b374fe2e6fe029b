# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""How a locked-down worker begins and ends, and what it is given."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lockdown_scene import LIMITS, MACHINES, Scene, fork_on, gone, in_child, on, policy_for
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox
from autograder.sandbox import kernel

# ── its life ──────────────────────────────────────────────────────────────────────────────────────


def ends(scene: Scene, how: Callable[[], object]) -> int:
    def work(channel: int) -> None:
        sandbox.enter(policy_for(scene), (channel,))
        how()

    return in_child(work)[1]


def crash() -> None:
    ctypes.string_at(0)


def test_the_worker_ends_as_the_code_in_it_does(scene: Scene) -> None:
    assert os.waitstatus_to_exitcode(ends(scene, lambda: os._exit(7))) == 7
    assert os.waitstatus_to_exitcode(ends(scene, crash)) == -signal.SIGSEGV


def test_an_endless_loop_ends_with_its_time(scene: Scene) -> None:
    limits = dataclasses.replace(LIMITS, cpu_seconds=1)

    def work(channel: int) -> None:
        sandbox.enter(policy_for(scene, limits=limits), (channel,))
        while True:
            pass

    start = time.monotonic()
    _, status = in_child(work)

    assert os.waitstatus_to_exitcode(status) in {-signal.SIGKILL, -signal.SIGXCPU}
    assert time.monotonic() - start < 10


def start_family(scene: Scene, channel: int) -> None:
    """A locked-down worker and a process that it started; all hold `channel` open, so that its end tells of theirs."""
    sandbox.enter(policy_for(scene), (channel,))
    with contextlib.suppress(OSError):  # without a PID namespace no process may be started
        os.fork()
    os.write(channel, b"alive")
    signal.pause()


@pytest.mark.parametrize("machine", MACHINES)
def test_killing_the_worker_leaves_nothing(machine: str, scene: Scene) -> None:
    def host(_: int) -> bool:
        MACHINES[machine]()
        reading, writing = os.pipe()
        worker = fork_on(machine)
        if not worker:
            start_family(scene, writing)
        os.close(writing)
        said = os.read(reading, 5)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        return said == b"alive" and gone(reading)

    assert in_child(host)[0] is True


@pytest.mark.parametrize("machine", MACHINES)
def test_a_worker_dies_with_its_parent(machine: str, scene: Scene) -> None:
    reading, writing = os.pipe()
    host = os.fork()
    if not host:
        MACHINES[machine]()
        if not fork_on(machine):
            start_family(scene, writing)
        os.close(writing)
        signal.pause()
    os.close(writing)
    said = os.read(reading, 5)
    os.kill(host, signal.SIGKILL)
    os.waitpid(host, 0)

    assert said == b"alive"
    assert gone(reading)
    os.close(reading)


@pytest.mark.parametrize("locked", [True, False])
def test_another_process_of_its_user_cannot_look_into_a_worker(locked: bool, scene: Scene) -> None:
    """Without namespaces, workers of an ordinary user are such processes to each other."""

    def host(_: int) -> bool:
        MACHINES["unshare refused to an ordinary user"]()
        reading, writing = os.pipe()
        worker = os.fork()
        if not worker:
            if locked:
                sandbox.enter(policy_for(scene), (writing,))
            os.write(writing, b"alive")
            signal.pause()
        os.read(reading, 5)
        try:
            with Path(f"/proc/{worker}/mem").open("rb"):
                return True
        except PermissionError:
            return False
        finally:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)

    assert in_child(host)[0] is not locked


def test_a_fork_of_ours_needs_no_second_process_and_leaves_the_parent_where_it_is(scene: Scene) -> None:
    reading, writing = os.pipe()
    workers = []
    for _ in range(2):
        worker = sandbox.fork()
        if not worker:
            sandbox.enter(policy_for(scene), (writing,))
            os.write(writing, b"alive")
            signal.pause()
        workers.append(worker)
        assert os.read(reading, 5) == b"alive"
    children = [Path(f"/proc/{worker}/task/{worker}/children").read_text(encoding="utf-8") for worker in workers]
    identity = {tuple(Path(f"/proc/{worker}").stat()[4:6]) for worker in workers}
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)

    by_root = os.geteuid() == 0 and not sandbox.available()["namespaces"]
    assert all(bool(found) != by_root for found in children)
    assert len(identity) == (2 if by_root else 1)  # root gives every worker a user of its own
    with ThreadPoolExecutor(1) as pool:  # not possible for a process whose children go to another namespace
        assert pool.submit(in_child, lambda _: os.getpid() == 1).result()[0] is False


# ── what it is given ──────────────────────────────────────────────────────────────────────────────


def test_only_the_named_descriptors_survive(scene: Scene) -> None:
    with scene.canary.open("rb") as secret_file:
        number = os.dup(secret_file.fileno())
        high = fcntl.fcntl(number, fcntl.F_DUPFD, 200)

        def survivors(channel: int) -> list[int]:
            sandbox.enter(policy_for(scene), (channel,))
            found = [fd for fd in range(256) if fd != channel and _is_open(fd)]
            return found if all(os.path.samestat(os.fstat(fd), Path(os.devnull).stat()) for fd in found) else [-1]

        assert in_child(survivors)[0] == [0, 1, 2]
        assert in_child(lambda _: _is_open(high))[0] is True
        os.close(number)
        os.close(high)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


SECRET_PROGRAM = """
import os, sys
from pathlib import Path
from autograder import sandbox
from autograder.model import Limits

if sys.argv[2] == "locked":
    sandbox.enter(sandbox.Policy(Path(sys.argv[1]), sandbox.interpreter(), Limits(), ()), (1,))
found = [name for name in os.environ if "SECRET" in name]
try:
    found += ["/proc"] * (b"hunter2" in open("/proc/self/environ", "rb").read())
except OSError:
    pass
import ctypes
with open("/proc/self/stat") as file:
    fields = file.read().rpartition(")")[2].split()
first = ctypes.string_at(int(fields[47]), int(fields[48]) - int(fields[47])) if int(fields[47]) else b""
found += ["memory"] * (b"hunter2" in first)
os.write(1, " ".join(found).encode())
"""


@pytest.mark.parametrize(("mode", "found"), [("locked", ""), ("open", "A_SECRET /proc memory")])
def test_the_environment_of_the_parent_is_forgotten(mode: str, found: str, scene: Scene, root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SECRET_PROGRAM, scene.work, mode],
        env={**os.environ, "A_SECRET": "hunter2", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == found


def test_the_environment_is_the_policys(scene: Scene) -> None:
    policy = policy_for(scene)

    def names(channel: int) -> dict[str, str]:
        sandbox.enter(policy, (channel,))
        return dict(os.environ)

    seen, _ = in_child(names)

    assert seen == sandbox.environment(policy)
    assert {seen[name] for name in ("HOME", "TMPDIR", "PWD")} == {str(scene.work)}


def test_the_disk_is_private_small_and_empty_afterwards(scene: Scene) -> None:
    def fill(s: Scene) -> int:
        written = 0
        try:
            for number in range(3 * LIMITS.disk_mb):
                (s.work / str(number)).write_bytes(bytes(1 << 20))
                written += 1
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - it is the number that matters
        return written

    result = on("as we are", fill, scene)

    if "disk" in result["layers"]:
        assert 0 < result["answer"] <= LIMITS.disk_mb
        assert list(scene.work.iterdir()) == []
    else:
        assert sandbox.available()["disk"]
    assert on("as we are", fill, scene, locked=False)["answer"] == 3 * LIMITS.disk_mb


def test_a_worker_is_neither_root_nor_has_a_capability(scene: Scene) -> None:
    def who(_: Scene) -> list[int]:
        return [os.getuid(), os.getgid(), kernel.capabilities()]

    for machine in MACHINES:
        user, group, capabilities = on(
            machine, who, scene, policy=sandbox.Policy(scene.work, (scene.data,), LIMITS, ())
        )["answer"]
        assert 0 not in {user, group}
        assert capabilities == 0
