"""Processes for the tests of the sandbox: a host, which stands for the warm parent and may change what the machine allows (an ordinary user,
`unshare` refused, …), a bystander to be attacked, and a worker that is locked down."""

from __future__ import annotations

import ctypes
import dataclasses
import errno
import json
import os
import select
import shutil
import signal
import socket
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyseccomp
import pytest

from autograder import sandbox
from autograder.model import Limits
from autograder.sandbox import kernel

NOBODY = 65534
SECONDS = 20
LIMITS = Limits(memory_mb=192, processes=12, disk_mb=8, cpu_seconds=20)
REQUIRED = ("files", "network", "signals", "memory")
libc = ctypes.CDLL(None, use_errno=True)
secret = ctypes.create_string_buffer(b"the secret of another process")
sandbox.prepare()
sandbox.interpreter()  # an ordinary user of a test may not be able to find out


# ── machines ──────────────────────────────────────────────────────────────────────────────────────


def refuse(*names: str, number: int = errno.EPERM) -> None:
    """From here on the kernel refuses these system calls to this process and all that it starts."""
    target = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in names:
        target.add_rule(pyseccomp.ERRNO(number), name)
    target.load()


def be_ordinary() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        kernel.set_dumpable(True)


def be_container(*, user_namespaces: bool) -> None:
    """Docker's root: without the right to mount and with that to read and write everything; Kubernetes' if user namespaces are allowed."""
    cap_sys_admin = 1 << 21
    kernel.set_capabilities(kernel.capabilities() & ~cap_sys_admin & ~(1 << kernel.CAP_DAC_READ_SEARCH))
    if not user_namespaces:
        refuse("unshare")


def be_ordinary_without_namespaces() -> None:
    be_ordinary()
    refuse("unshare")


def be_ordinary_with_an_older_landlock() -> None:
    """One that knows nothing of signals: such rules are the only ones of 24 bytes."""
    be_ordinary_without_namespaces()
    older = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    older.add_rule(pyseccomp.ERRNO(errno.E2BIG), "landlock_create_ruleset", pyseccomp.Arg(1, pyseccomp.EQ, 24))
    older.load()


def be_ordinary_with_masked_proc() -> None:
    """As in many containers; the kernel then gives no fresh /proc to ordinary users.  Only root can make it so."""
    if os.geteuid() == 0 and not sandbox.available()["namespaces"]:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("tmpfs", "/proc/irq", "tmpfs")
    be_ordinary()


MACHINES: dict[str, Callable[[], None]] = {
    "as we are": lambda: None,
    "forked into its namespace": lambda: None,
    "an ordinary user": be_ordinary,
    "unshare refused": lambda: refuse("unshare"),
    "unshare refused to an ordinary user": be_ordinary_without_namespaces,
    "an older Landlock without namespaces": be_ordinary_with_an_older_landlock,
    "a container": lambda: be_container(user_namespaces=False),
    "a container with user namespaces": lambda: be_container(user_namespaces=True),
    "a masked proc": be_ordinary_with_masked_proc,
    "no private view": lambda: refuse("mount_setattr", number=errno.ENOSYS),
    "no Landlock": lambda: refuse("landlock_create_ruleset", number=errno.ENOSYS),
}


# ── processes ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Scene:
    """What an attack finds.  Everything is open to every user, so that only the sandbox can be what refuses."""

    outside: Path  # a folder that anybody may write to
    work: Path
    data: Path  # a file that the policy lets be read
    tcp: int = 0
    udp: int = 0
    bystander: int = 0
    host: int = 0

    @property
    def canary(self) -> Path:
        return self.outside / "canary.txt"

    @property
    def door(self) -> str:
        return str(self.outside / "door")

    @property
    def abstract(self) -> str:
        return f"\0autograder-{self.host}"


Action = Callable[[Scene], Any]


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Not in pytest's folder, which other users cannot enter."""
    place = Path(tempfile.mkdtemp(prefix="autograder-test-"))
    outside, work, readable = place / "outside", place / "work", place / "readable"
    for folder in (outside, work, readable):
        folder.mkdir()
        folder.chmod(0o777)
    place.chmod(0o755)
    made = Scene(outside, work, readable / "data.txt")
    for path in (made.canary, made.data):
        path.write_text("canary", encoding="utf-8")
        path.chmod(0o666)
    yield made
    shutil.rmtree(place)


def policy_for(scene: Scene, *, limits: Limits = LIMITS, required: tuple[str, ...] = ()) -> sandbox.Policy:
    return sandbox.Policy(scene.work, (*sandbox.interpreter(), scene.data.parent), limits, required)


def fork_on(machine: str) -> int:
    return sandbox.fork() if machine == "forked into its namespace" else os.fork()


def in_child(action: Callable[[int], Any], machine: str = "as we are") -> tuple[Any, int]:
    """(what `action(descriptor)` returns in a forked child, the child's wait status); an exception is returned as its text."""
    reading, writing = os.pipe()
    child = fork_on(machine)
    if not child:
        os.close(reading)
        code = 0
        try:
            answer = action(writing)
        except BaseException as error:
            code = 70
            answer = (
                f"{type(error).__name__}: {error}"
                if isinstance(error, sandbox.SandboxError)
                else traceback.format_exc()
            )
        os.write(writing, json.dumps(answer).encode())
        os._exit(code)
    os.close(writing)
    received, ended = b"", False
    while not ended and select.select([reading], [], [], SECONDS)[0]:
        piece = os.read(reading, 1 << 16)
        received, ended = received + piece, not piece
    os.close(reading)
    if not ended:  # it hangs
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return (json.loads(received) if received else None), status


def gone(reading: int) -> bool:
    """Whether everybody who held the other end is gone."""
    while select.select([reading], [], [], SECONDS)[0]:
        if not os.read(reading, 100):
            return True
    return False


def attempt(action: Action, scene: Scene) -> Any:
    """What `action` returns, or the name of what it raised."""
    try:
        return action(scene)
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        return f"refused: {type(error).__name__}: {error}"


def refused(answer: Any) -> bool:
    return isinstance(answer, str) and answer.startswith("refused: ")


def on(machine: str, action: Action, scene: Scene, *, locked: bool = True, policy: sandbox.Policy | None = None) -> Any:
    """What `action` returns in a worker on `machine`, as {"layers": …, "answer": …}; a string if it could not be locked down."""

    def work(channel: int, full: Scene) -> Any:
        layers = list(sandbox.enter(policy or policy_for(scene), (channel,))) if locked else []
        return {"layers": layers, "answer": attempt(action, full)}

    def host(_channel: int) -> Any:
        MACHINES[machine]()
        here = dataclasses.replace(scene, host=os.getpid())
        with listening(here) as (tcp, udp), bystander() as other:
            full = dataclasses.replace(here, tcp=tcp, udp=udp, bystander=other)
            return in_child(lambda channel: work(channel, full), machine)[0]

    answer, _ = in_child(host)
    return answer


def layers(machine: str, scene: Scene, **options: Any) -> Any:
    """`on` for an action that does nothing."""
    return on(machine, lambda _: True, scene, **options)


class listening:  # noqa: N801 - reads as a verb
    """Sockets of the host: (TCP port, UDP port); a Unix socket at scene.door and one with an abstract name."""

    def __init__(self, scene: Scene) -> None:
        self._door = Path(scene.door)
        self._sockets = [
            socket.socket(socket.AF_INET, socket.SOCK_STREAM),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        ]
        self._sockets += [
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        ]
        tcp, udp, door, abstract = self._sockets
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        door.bind(scene.door)
        Path(scene.door).chmod(0o777)
        abstract.bind(scene.abstract)
        tcp.listen()
        abstract.listen()

    def __enter__(self) -> tuple[int, int]:
        return self._sockets[0].getsockname()[1], self._sockets[1].getsockname()[1]

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            each.close()
        self._door.unlink()


class bystander:  # noqa: N801 - as above
    """A process of the host's user that waits to be attacked."""

    def __enter__(self) -> int:
        reading, self._end = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._end)
            os.read(reading, 1)
            os._exit(0)
        os.close(reading)
        return self._process

    def __exit__(self, *_: object) -> None:
        os.close(self._end)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
