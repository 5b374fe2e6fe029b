"""What one worker could tell the next, and what it could take that no process is charged for."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lockdown_scene import Scene, on
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox
from autograder.model import Course, Limits, Outcome
from autograder.sandbox import memory
from autograder.worker.client import WarmParent
from autograder.worker.handle import Lost

LOCK = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 1, 0)
LOCKS: dict[str, Callable[[int], object]] = {
    "flock": lambda file: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
    "a record lock": lambda file: fcntl.fcntl(file, fcntl.F_SETLK, LOCK),
    "a lock of an open file": lambda file: fcntl.fcntl(file, 37, LOCK),  # F_OFD_SETLK
}
TELLING = {
    "asks for locks": lambda file: fcntl.fcntl(file, fcntl.F_GETLK, LOCK),
    "takes a lease": lambda file: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "is told of changes": lambda file: fcntl.fcntl(file, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
    "makes a pipe larger": lambda _: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_granted_and_nobody_else_notices_it(name: str, scene: Scene) -> None:
    scene.data.chmod(0o666)
    held = os.open(scene.data, os.O_RDWR)
    LOCKS[name](held)

    def locks(s: Scene) -> bool:
        LOCKS[name](os.open(s.data, os.O_RDONLY))
        return True

    assert on("as we are", locks, scene)["answer"] is True
    os.close(held)


@pytest.mark.parametrize("name", TELLING)
def test_what_else_fcntl_can_do_is_not_there(name: str, scene: Scene) -> None:
    answer = on("as we are", lambda s: TELLING[name](os.open(s.data.parent, os.O_RDONLY)), scene)["answer"]

    assert str(errno.ENOSYS) in answer


def test_a_device_keeps_its_times(scene: Scene) -> None:
    def writes(_: Scene) -> int:
        before = Path("/dev/null").stat().st_mtime_ns
        Path("/dev/null").write_bytes(b"x")
        return Path("/dev/null").stat().st_mtime_ns - before

    result = on("as we are", writes, scene)
    assert result["answer"] == 0 or "namespaces" not in result["layers"]


def test_buffers_of_sockets_cannot_be_made_larger_and_count_as_memory(scene: Scene) -> None:
    def buffers(_: Scene) -> list[int]:
        one, _other = socket.socketpair()
        before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * before)
        return [before, one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)]

    before, after = on("as we are", buffers, scene)["answer"]
    assert before == after <= memory.SOCKET_KB << 10


HOLDING = """
import os, socket, time
for _ in range(8):
    if not os.fork():
        held = [socket.socketpair() for _ in range(100)]
        time.sleep(30)
time.sleep(30)
"""
LIMITS = Limits(memory_mb=400, cpu_seconds=3, cell_seconds=20.0)


@pytest.fixture(scope="module")
def parent(course: Course) -> Iterator[WarmParent]:
    with WarmParent((), course.required_layers) as made:
        yield made


def lost_with(parent: WarmParent, source: str) -> tuple[Lost, bool]:
    """How a worker is lost that runs `source`, and whether it counts as killed by somebody else."""
    worker = parent.spawn(LIMITS, time.monotonic() + 60)
    try:
        with pytest.raises(Lost) as caught:
            worker.run([(0, source)], lambda _: None)
    finally:
        worker.close()
    return caught.value, worker.killed


def test_memory_in_sockets_ends_the_worker(parent: WarmParent) -> None:
    if sandbox.available()[
        "namespaces"
    ]:  # then no process can be started, and one alone holds too few sockets to matter
        return
    lost, _ = lost_with(parent, HOLDING)
    assert lost.outcome is Outcome.MEMORY


def test_who_uses_up_the_cpu_time_was_not_killed_by_somebody_else(parent: WarmParent) -> None:
    lost, killed = lost_with(parent, "while True: pass")
    assert (lost.outcome, killed) == (Outcome.TIMEOUT, False)
    assert "3 seconds of CPU time" in str(lost)


KILLS_ITSELF = """
import os, resource, signal
def attempt(action, *arguments):
    try:
        action(*arguments)
    except (OSError, ValueError):
        pass
attempt(os.kill, os.getpid(), signal.SIGKILL)
attempt(signal.pthread_kill, __import__("threading").get_ident(), signal.SIGKILL)
attempt(resource.setrlimit, resource.RLIMIT_CPU, (1, 1))
attempt(resource.prlimit, 0, resource.RLIMIT_CPU, (1, 1))
for _ in range(10**9):
    pass
"""


def test_a_worker_cannot_look_as_if_it_had_been_killed(parent: WarmParent) -> None:
    lost, killed = lost_with(parent, KILLS_ITSELF)
    assert (lost.outcome, killed) == (Outcome.TIMEOUT, False)


@pytest.mark.parametrize(
    "machine", ["forked into its namespace", "unshare refused", "unshare refused to an ordinary user"]
)
def test_nobody_ends_himself_by_sigkill(machine: str, scene: Scene) -> None:
    def kills(_: Scene) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    assert isinstance(on(machine, kills, scene), dict)
