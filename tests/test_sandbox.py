"""What a locked-down process cannot do, and what honest code still can, with real processes.

Every attack is also run without the sandbox, where it must succeed: an attack that never works proves nothing.

A test forks a host, which stands for the warm parent and may change what the machine allows (an ordinary user, `unshare` refused, …); the host
forks a bystander to be attacked, and a worker that is locked down and attacks."""

from __future__ import annotations

import asyncio
import ctypes
import dataclasses
import errno
import fcntl
import json
import mmap
import multiprocessing
import os
import random
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyseccomp
import pytest

from autograder import sandbox
from autograder.model import Limits
from autograder.sandbox import files, kernel, lockdown, memory

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


def be_ordinary_with_masked_proc() -> None:
    """As in many containers; the kernel then gives no fresh /proc to ordinary users.  Only root can make it so."""
    if os.geteuid() == 0 and not sandbox.available()["namespaces"]:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("tmpfs", "/proc/irq", "tmpfs")
    be_ordinary()


MACHINES: dict[str, Callable[[], None]] = {
    "as we are": lambda: None,
    "an ordinary user": be_ordinary,
    "unshare refused": lambda: refuse("unshare"),
    "unshare refused to an ordinary user": be_ordinary_without_namespaces,
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


def in_child(action: Callable[[int], Any]) -> tuple[Any, int]:
    """(what `action(descriptor)` returns in a forked child, the child's wait status); an exception is returned as its text."""
    reading, writing = os.pipe()
    child = os.fork()
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
            return in_child(lambda channel: work(channel, full))[0]

    answer, _ = in_child(host)
    return answer


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


# ── attacks: each returns something true if it did what it says, and raises or returns something false if not ─────


def checked(result: int) -> int:
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def syscall(number: int, *arguments: Any) -> int:
    return checked(
        libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    )


def changed(path: Path, what: Callable[[os.stat_result], Any], action: Callable[[], object]) -> bool:
    """Whether `action` has an effect, and not only no error."""
    before = what(path.stat())
    action()
    return bool(what(path.stat()) != before)


def reads_through_link(s: Scene) -> str:
    link = s.work / "link"
    link.symlink_to(s.canary)
    return link.read_text(encoding="utf-8")


def moves_outside(s: Scene) -> bool:
    (s.work / "mine.txt").write_text("x", encoding="utf-8")
    (s.work / "mine.txt").rename(s.outside / "mine.txt")
    return True


def empties_by_reading(s: Scene) -> bool:
    return changed(s.data, lambda st: st.st_size, lambda: os.close(os.open(s.data, os.O_RDONLY | os.O_TRUNC)))


def made(path: Path, action: Callable[[], object]) -> bool:
    action()
    return path.exists()


FILES: dict[str, Action] = {
    "read a file": lambda s: s.canary.read_text(encoding="utf-8"),
    "read it through a symlink": reads_through_link,
    "list a folder": lambda s: [path.name for path in s.outside.iterdir()],
    "make a file": lambda s: (s.outside / "new.txt").write_text("x", encoding="utf-8"),
    "make a folder": lambda s: made(s.outside / "new", (s.outside / "new").mkdir),
    "make a FIFO": lambda s: made(s.outside / "fifo", lambda: os.mkfifo(s.outside / "fifo")),
    "make a symlink": lambda s: made(s.outside / "link", lambda: (s.outside / "link").symlink_to("/")) or True,
    "make a hard link": lambda s: os.link(s.canary, s.work / "hard") is None and s.work.joinpath("hard").read_text(),
    "move a file out": moves_outside,
    "write to a file": lambda s: s.canary.write_text("broken", encoding="utf-8"),
    "write to readable data": lambda s: s.data.write_text("broken", encoding="utf-8"),
    "empty a file": lambda s: changed(s.data, lambda st: st.st_size, lambda: os.truncate(s.data, 0)),
    "empty a file opened for reading": empties_by_reading,
    "remove a file": lambda s: s.data.unlink() is None,
    "change a mode": lambda s: changed(s.data, lambda st: st.st_mode, lambda: s.data.chmod(0o600)),
    "change a time": lambda s: changed(s.data, lambda st: st.st_mtime, lambda: os.utime(s.data, (1, 1))),
    "touch a file": lambda s: changed(s.data, lambda st: st.st_mtime_ns, lambda: os.utime(s.data)),
    "set an attribute": lambda s: (
        os.setxattr(s.data, "user.mark", b"x") is None and os.getxattr(s.data, "user.mark").decode()
    ),
    "start a program": lambda _: subprocess.run(["/bin/echo", "x"], capture_output=True, text=True, check=True).stdout,
    "read the environment of another": lambda s: Path(f"/proc/{s.bystander}/environ").read_bytes().decode(),
    "read the memory of another": lambda s: reads_memory_file(s.bystander),
    "read the command line of another": lambda s: Path(f"/proc/{s.host}/cmdline").read_bytes().decode(),
    "list the descriptors of another": lambda s: [p.name for p in Path(f"/proc/{s.bystander}/fd").iterdir()],
}


def reads_memory_file(pid: int) -> str:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        file.seek(ctypes.addressof(secret))
        return file.read(10).decode()


def sends(kind: socket.SocketKind, family: int, address: Any) -> int:
    with socket.socket(family, kind) as client:
        client.settimeout(1)
        client.connect(address)
        return client.send(b"hello")


def sends_from_pair(s: Scene) -> int:
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return one.sendto(b"hello", s.door)


NETWORK: dict[str, Action] = {
    "TCP": lambda s: sends(socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", s.tcp)),
    "UDP": lambda s: sends(socket.SOCK_DGRAM, socket.AF_INET, ("127.0.0.1", s.udp)),
    "an abstract Unix socket": lambda s: sends(socket.SOCK_STREAM, socket.AF_UNIX, s.abstract),
    "a Unix socket with a path": lambda s: sends(socket.SOCK_DGRAM, socket.AF_UNIX, s.door),
    "a pair of datagram sockets": sends_from_pair,
    "netlink": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).fileno(),
}


def reads_memory(s: Scene) -> str:
    target = ctypes.create_string_buffer(10)
    pair = ctypes.c_uint64 * 2
    local = pair(ctypes.addressof(target), 10)
    remote = pair(ctypes.addressof(secret), 10)
    checked(libc.process_vm_readv(s.bystander, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
    return target.raw.decode()


def makes_signal_by_descriptor(s: Scene) -> bool:
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, s.bystander)
    os.close(reading)
    os.close(writing)
    return True


PTRACE_SEIZE = 0x4206
PRIO_PROCESS = 0
SIGNALS: dict[str, Action] = {
    "kill": lambda s: os.kill(s.bystander, signal.SIGTERM) is None,
    "kill the host": lambda s: os.kill(s.host, 0) is None,
    "signal through a descriptor": makes_signal_by_descriptor,
    "ptrace": lambda s: checked(libc.ptrace(ctypes.c_long(PTRACE_SEIZE), ctypes.c_long(s.bystander), None, None)) == 0,
    "process_vm_readv": reads_memory,
    "limits of another": lambda s: len(resource.prlimit(s.bystander, resource.RLIMIT_CPU, (1, 1))),
    "priority of another": lambda s: os.setpriority(PRIO_PROCESS, s.bystander, 5) is None,
    "processors of another": lambda s: os.sched_setaffinity(s.bystander, {0}) is None,
    "pidfd": lambda s: os.pidfd_open(s.bystander),
}


def allocates(_: Scene) -> int:
    return len(bytearray((LIMITS.memory_mb + 64) << 20))


def shares(_: Scene) -> int:
    return len(mmap.mmap(-1, 1 << 20))


def starts_processes(_: Scene) -> int:
    """The number of processes that it could start at once, if more than allowed."""
    reading, writing = os.pipe()
    started = []
    try:
        for _try in range(40):
            child = os.fork()
            if not child:
                os.close(writing)
                os.read(reading, 1)
                os._exit(0)
            started.append(child)
    except OSError:
        pass
    os.close(writing)
    for child in started:
        os.waitpid(child, 0)
    return len(started) if len(started) > LIMITS.processes + 2 else 0


def starts_threads(_: Scene) -> int:
    end = threading.Event()
    started = []
    try:
        for _try in range(40):
            thread = threading.Thread(target=end.wait)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    end.set()
    return len(started) if len(started) > LIMITS.processes + 2 else 0


def opens_many(s: Scene) -> int:
    held = [s.data.open("rb") for _ in range(300)]
    return len(held)


def writes_much(s: Scene) -> int:
    return (s.work / "big").write_bytes(bytes((LIMITS.disk_mb + 1) << 20))


RESOURCES: dict[str, Action] = {
    "allocate more than allowed": allocates,
    "a file of memory": lambda _: os.memfd_create("x"),
    "shared anonymous memory": shares,
    "System V shared memory": lambda _: checked(libc.shmget(0, 1 << 20, 0o1600)) >= 0,
    "more processes than allowed": starts_processes,
    "more threads than allowed": starts_threads,
    "more descriptors than allowed": opens_many,
    "a file larger than allowed": writes_much,
}


def mounts(_: Scene) -> bool:
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", tempfile.gettempdir(), "tmpfs")
    return True


def becomes_root(_: Scene) -> bool:
    os.setuid(0)
    return os.geteuid() == 0


def runs_on(_: Scene) -> bool:
    kernel.die_with_parent(0)
    return True


KERNEL: dict[str, Action] = {
    "mount": mounts,
    "unshare": lambda _: kernel.unshare(kernel.CLONE_NEWUTS) is None,
    "chroot": lambda s: os.chroot(s.work) is None,
    "become root": becomes_root,
    "outlive the parent": runs_on,
    "io_uring": lambda _: syscall(425, 1, ctypes.create_string_buffer(120)),
    "keyrings": lambda _: syscall({"x86_64": 250, "aarch64": 219}[os.uname().machine], 0, -3, 1),
    "new file system contexts": lambda _: syscall(430, b"tmpfs", 0),
}
NEEDS_ROOT = {"mount", "unshare", "chroot", "become root", "new file system contexts"}

ATTACKS: dict[str, Action] = {
    f"{family}: {name}": action
    for family, attacks in {
        "files": FILES,
        "network": NETWORK,
        "signals": SIGNALS,
        "resources": RESOURCES,
        "kernel": KERNEL,
    }.items()
    for name, action in attacks.items()
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_succeeds_without_the_sandbox(name: str, scene: Scene) -> None:
    if os.geteuid() and name.partition(": ")[2] in NEEDS_ROOT:
        assert refused(on("as we are", ATTACKS[name], scene, locked=False)["answer"])
    else:
        result = on("as we are", ATTACKS[name], scene, locked=False)
        assert result["answer"]
        assert not refused(result["answer"]), result


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("family", ["files", "network", "signals", "resources", "kernel"])
def test_no_attack_succeeds_in_the_sandbox(family: str, machine: str, scene: Scene) -> None:
    policy = policy_for(scene, required=REQUIRED)
    succeeded = {}
    for name, action in ATTACKS.items():
        if name.startswith(f"{family}: "):
            result = on(machine, action, scene, policy=policy)
            assert result, name
            assert set(REQUIRED) <= set(result["layers"]), result
            if result["answer"] and not refused(result["answer"]):
                succeeded[name] = result["answer"]

    assert succeeded == {}
    assert scene.canary.read_text(encoding="utf-8") == scene.data.read_text(encoding="utf-8") == "canary"
    assert [path.name for path in scene.outside.iterdir()] == ["canary.txt"]


# ── what holds where ──────────────────────────────────────────────────────────────────────────────


def layers(machine: str, scene: Scene, **options: Any) -> Any:
    return on(machine, lambda _: True, scene, **options)


def test_every_layer_that_enter_reports_is_one_that_is_available(scene: Scene) -> None:
    found = sandbox.available()

    assert list(found) == list(sandbox.LAYERS)
    assert layers("as we are", scene)["layers"] == [layer for layer, why in found.items() if not why]


@pytest.mark.parametrize(
    ("machine", "lost"),
    [
        ("unshare refused", {"namespaces", "disk"}),
        ("unshare refused to an ordinary user", {"namespaces", "disk"}),
        ("a container", {"namespaces", "disk"}),
        ("no Landlock", {"landlock"}),
    ],
)
def test_a_layer_that_the_machine_refuses_is_named_and_can_be_insisted_on(
    machine: str, lost: set[str], scene: Scene
) -> None:
    everywhere = set(layers("as we are", scene)["layers"])
    found, _ = in_child(lambda _: (MACHINES[machine](), sandbox.available())[1])

    assert lost <= {layer for layer, why in found.items() if why}
    assert set(layers(machine, scene)["layers"]) == everywhere - lost
    for layer in lost:
        answer = layers(machine, scene, policy=policy_for(scene, required=(layer,)))
        assert answer.startswith(f"SandboxError: The sandbox cannot hold {layer} (")


def test_without_landlock_and_namespaces_files_do_not_hold(scene: Scene) -> None:
    def bare(_: int) -> Any:
        refuse("unshare")
        refuse("landlock_create_ruleset", number=errno.ENOSYS)
        return in_child(lambda channel: sandbox.enter(policy_for(scene, required=("files",)), (channel,)))[0]

    answer, _ = in_child(bare)

    assert answer.startswith("SandboxError: The sandbox cannot hold files (")


def test_without_seccomp_the_network_does_not_hold(scene: Scene) -> None:
    def bare(_: int) -> Any:
        refuse("seccomp")
        return in_child(lambda channel: sandbox.enter(policy_for(scene, required=("network",)), (channel,)))[0]

    answer, _ = in_child(bare)

    assert answer.startswith("SandboxError: The sandbox cannot hold network (")


def test_other_systems_have_no_layer_and_say_so(scene: Scene) -> None:
    def elsewhere(_: int) -> Any:
        kernel.LINUX = False
        files.abi.cache_clear()
        entered, _ = in_child(lambda channel: sandbox.enter(policy_for(scene), (channel,)))
        insisted, _ = in_child(lambda channel: sandbox.enter(policy_for(scene, required=REQUIRED), (channel,)))
        return entered, insisted, sandbox.available()

    (entered, insisted, found), _ = in_child(elsewhere)

    assert entered == []
    assert insisted.startswith("SandboxError: The sandbox cannot hold files (this machine does not run Linux")
    assert all("does not run Linux" in why for why in found.values())


def test_an_unknown_layer_is_refused(scene: Scene) -> None:
    with pytest.raises(sandbox.SandboxError, match="no sandbox layer magic"):
        policy_for(scene, required=("magic",))


def test_the_grade_of_a_sandbox_is_full_partial_or_none() -> None:
    assert sandbox.grade_of(sandbox.LAYERS) == "full"
    assert sandbox.grade_of(["files", "network"]) == "partial"
    assert sandbox.grade_of(["limits"]) == sandbox.grade_of([]) == "none"


def test_the_self_test_finds_nothing_where_all_layers_hold(scene: Scene) -> None:
    held = set(layers("as we are", scene)["layers"])

    assert set(sandbox.self_test(policy_for(scene))).isdisjoint(held)


def test_the_self_test_finds_what_is_open(scene: Scene) -> None:
    def elsewhere(_: int) -> Any:
        kernel.LINUX = False
        return sandbox.self_test(policy_for(scene))

    found, _ = in_child(elsewhere)

    assert {"files", "network", "signals", "limits", "disk", "memory"} <= set(found)
    assert "read a file outside" in found["files"]


# ── the life of a worker ──────────────────────────────────────────────────────────────────────────


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
    try:
        os.fork()
    except OSError:
        pass  # no PID namespace here, so no processes
    os.write(channel, b"alive")
    signal.pause()


def gone(reading: int) -> bool:
    """Whether everybody who held the other end is gone."""
    while select.select([reading], [], [], SECONDS)[0]:
        if not os.read(reading, 100):
            return True
    return False


@pytest.mark.parametrize("machine", MACHINES)
def test_killing_the_worker_leaves_nothing(machine: str, scene: Scene) -> None:
    def host(_: int) -> bool:
        MACHINES[machine]()
        reading, writing = os.pipe()
        worker = os.fork()
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
        if not os.fork():
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


def test_only_the_named_descriptors_survive(scene: Scene) -> None:
    with scene.canary.open("rb") as secret_file:
        number = os.dup(secret_file.fileno())
        high = fcntl.fcntl(number, fcntl.F_DUPFD, 200)

        def survivors(channel: int) -> list[int]:
            sandbox.enter(policy_for(scene), (channel,))
            found = [fd for fd in range(256) if fd != channel and _is_open(fd)]
            return found if all(os.path.samestat(os.fstat(fd), os.stat(os.devnull)) for fd in found) else [-1]

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


# ── memory ────────────────────────────────────────────────────────────────────────────────────────


def grow(megabytes: int, pieces: list[bytearray]) -> None:
    for _ in range(megabytes):
        pieces.append(bytearray(b"x") * (1 << 20))  # noqa: PERF401 - growing is the point


def watched(scene: Scene, body: Callable[[], None], limit_mb: int) -> tuple[int, bool]:
    """(the highest usage seen, whether the worker had to be stopped because it passed `limit_mb`)"""
    reading, writing = os.pipe()
    worker = os.fork()
    if not worker:
        sandbox.enter(policy_for(scene), (writing,))
        body()
        os.write(writing, b"done")
        signal.pause()
    os.close(writing)
    highest, stopped = 0, False
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done = bool(select.select([reading], [], [], 0.005)[0])
        highest = max(highest, memory.usage_mb(worker))
        stopped = highest > limit_mb
        if done or stopped:
            break
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert gone(reading)
    os.close(reading)
    assert memory.usage_mb(worker) == 0
    return highest, stopped


def test_the_memory_of_a_worker_is_its_own_and_not_its_parents(scene: Scene) -> None:
    ballast: list[bytearray] = []
    grow(100, ballast)

    idle, _ = watched(scene, lambda: None, 10_000)
    busy, _ = watched(scene, lambda: grow(80, ballast), 10_000)

    assert idle < 20
    assert 80 <= busy < 110


def test_processes_that_share_a_bomb_are_stopped(scene: Scene) -> None:
    """No process asks for more than one may; together they do."""
    if "namespaces" not in layers("as we are", scene)["layers"]:
        assert sandbox.available()["namespaces"]  # then no process can be started: tested above
        return

    def bomb() -> None:
        pieces: list[bytearray] = []
        for _ in range(6):
            if not os.fork():
                grow(60, pieces)
                signal.pause()
        signal.pause()

    highest, stopped = watched(scene, bomb, 192)

    assert stopped
    assert highest < 192 + 6 * 60


def test_an_allocation_beyond_the_limit_is_an_exception_and_the_worker_lives(scene: Scene) -> None:
    def survives(s: Scene) -> str:
        pieces: list[bytearray] = []
        try:
            grow(2 * LIMITS.memory_mb, pieces)
        except MemoryError:
            reached = len(pieces)
            pieces.clear()
            return "alive" if reached > LIMITS.memory_mb // 2 and bytearray(s.work.exists() << 20) else ""
        return "no limit"

    assert on("as we are", survives, scene)["answer"] == "alive"
    assert on("as we are", survives, scene, locked=False)["answer"] == "no limit"


# ── what honest code does ─────────────────────────────────────────────────────────────────────────


def uses_threads(_: Scene) -> list[int]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(abs, [-1, 2, -3]))


def uses_files(s: Scene) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy2(s.data, folder))
        copy.chmod(0o644)
        copy.rename(copy.with_suffix(".bak"))
        return (
            Path(folder).parent == s.work == Path.cwd()
            and Path("~").expanduser() == s.work
            and copy.with_suffix(".bak").read_text(encoding="utf-8") == "canary"
        )


async def answer() -> int:
    await asyncio.sleep(0)
    return 42


def runs_programs(_: Scene) -> str:
    try:
        subprocess.run(["pip", "list"], check=False)
    except (PermissionError, BlockingIOError):
        return "refused"
    return ""


def makes_lock(_: Scene) -> str:
    """tqdm tries one, and lives without."""
    try:
        multiprocessing.RLock()
    except OSError as error:
        return f"OSError {bool(error.errno)}"
    return "made"


HONEST: dict[str, tuple[Action, Any]] = {
    "threads": (uses_threads, [1, 2, 3]),
    "files in the work folder": (uses_files, True),
    "reading the data": (lambda s: s.data.read_text(encoding="utf-8"), "canary"),
    "await": (lambda _: asyncio.run(answer()), 42),
    "random numbers": (lambda _: len(os.urandom(4)) + len(str(random.SystemRandom().random())[:1]), 5),
    "the clock": (lambda _: time.time() > 1e9 and time.strftime("%Y") > "2000", True),
    "processors": (lambda _: (os.cpu_count() or 0) > 0 and len(os.sched_getaffinity(0)) > 0, True),
    "its own memory": (lambda _: "VmRSS" in Path("/proc/self/status").read_text(encoding="utf-8"), True),
    "the machine's memory": (lambda _: "MemTotal" in Path("/proc/meminfo").read_text(encoding="utf-8"), True),
    "a late import": (lambda _: __import__("sqlite3").connect(":memory:").execute("select 1").fetchone()[0], 1),
    "a program fails as an exception": (runs_programs, "refused"),
    "signals to itself": (lambda _: os.kill(os.getpid(), 0) is None, True),
    "a lock between processes": (lambda s: makes_lock(s) in {"made", "OSError True"}, True),
}


@pytest.mark.parametrize("machine", ["as we are", "unshare refused", "a container"])
@pytest.mark.parametrize("name", HONEST)
def test_honest_code_works(name: str, machine: str, scene: Scene) -> None:
    action, expected = HONEST[name]

    assert on(machine, action, scene)["answer"] == expected


def test_symlinks_on_the_way_to_readable_files_work(scene: Scene) -> None:
    """As in the cache of models, whose snapshots link to blobs, and with folders that are links themselves."""
    store = scene.outside / "store"
    (store / "blobs").mkdir(parents=True)
    (store / "snapshots").mkdir()
    (store / "blobs" / "b1").write_text("weights", encoding="utf-8")
    (store / "snapshots" / "model").symlink_to("../blobs/b1")
    (scene.outside / "alias").symlink_to("store")
    policy = sandbox.Policy(
        scene.work, (scene.outside / "alias" / "snapshots", scene.outside / "alias" / "blobs"), LIMITS, ()
    )

    for machine in ("as we are", "unshare refused"):
        result = on(
            machine, lambda s: (s.outside / "alias/snapshots/model").read_text(encoding="utf-8"), scene, policy=policy
        )
        assert result["answer"] == "weights"
        assert refused(on(machine, FILES["read a file"], scene, policy=policy)["answer"])


@pytest.mark.parametrize("machine", ["as we are", "unshare refused", "a container", "a container with user namespaces"])
def test_what_is_readable_may_lie_in_a_private_home(machine: str, scene: Scene) -> None:
    """Interpreters and caches often do, and the worker is not their owner."""
    home = scene.outside / "home"
    (home / "env").mkdir(parents=True)
    (home / "env" / "module.py").write_text("x = 1", encoding="utf-8")
    (home / "other.txt").write_text("private", encoding="utf-8")
    home.chmod(0o700)
    policy = sandbox.Policy(scene.work, (home / "env",), LIMITS, REQUIRED)

    def looks(s: Scene) -> list[Any]:
        return [
            attempt(lambda s: (s.outside / "home" / name).read_text(encoding="utf-8"), s)
            for name in ("env/module.py", "other.txt")
        ]

    module, other = on(machine, looks, scene, policy=policy)["answer"]

    assert module == "x = 1"
    assert refused(other)


def test_a_worker_is_neither_root_nor_has_a_capability(scene: Scene) -> None:
    def who(_: Scene) -> list[int]:
        return [os.getuid(), os.getgid(), kernel.capabilities()]

    for machine in MACHINES:
        user, group, capabilities = on(
            machine, who, scene, policy=sandbox.Policy(scene.work, (scene.data,), LIMITS, ())
        )["answer"]
        assert 0 not in {user, group}
        assert capabilities == 0


LIBRARIES = """
import json, os, sys
from pathlib import Path
from autograder import environment, sandbox
from autograder.model import Limits

environment.prepare()
policy = sandbox.Policy(Path(sys.argv[1]), sandbox.interpreter(), Limits(), ("files", "network", "signals", "memory"))
sandbox.enter(policy, (1,))

import numpy as np
import torch
from concurrent.futures import ThreadPoolExecutor
from tqdm.auto import tqdm
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd
import transformers
from transformers import AutoTokenizer, AutoModelForCausalLM

found = {}
found["sum"] = sum(tqdm(range(5)))
found["torch"] = torch.softmax(torch.zeros(4, requires_grad=True), -1).sum().item()
torch.nn.Linear(3, 3)(torch.randn(2, 3)).sum().backward()
with ThreadPoolExecutor(2) as pool:
    found["threads"] = [t.tolist() for t in pool.map(torch.square, torch.arange(3.0))]
figure, axes = plt.subplots()
axes.bar([1, 2], [3, 4])
axes.set_title("$x^2$")
figure.savefig("picture.png")
found["picture"] = Path("picture.png").stat().st_size > 1000
found["pandas"] = pd.DataFrame({"a": [1, 2]}).describe().loc["mean", "a"]
torch.save(torch.ones(2), "x.pt")
found["saved"] = torch.load("x.pt").tolist()
for name, call in {"torch": lambda: torch.empty(10**12), "numpy": lambda: np.ones(10**12), "python": lambda: bytearray(10**12)}.items():
    try:
        call()
    except (MemoryError, RuntimeError) as error:
        found[f"{name} too large"] = type(error).__name__
try:
    AutoTokenizer.from_pretrained("nobody/no-such-model")
except OSError as error:
    found["missing model"] = "OSError"
os.write(1, json.dumps(found).encode())
"""


def test_the_courses_libraries_import_and_work_after_the_lock_down(scene: Scene, root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIBRARIES, scene.work],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run
    assert json.loads(run.stdout) == {
        "sum": 10,
        "torch": 1.0,
        "threads": [0.0, 1.0, 4.0],
        "picture": True,
        "pandas": 1.5,
        "saved": [1.0, 1.0],
        "torch too large": "RuntimeError",
        "numpy too large": "MemoryError",
        "python too large": "MemoryError",
        "missing model": "OSError",
    }
