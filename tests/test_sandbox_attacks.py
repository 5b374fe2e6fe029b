# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""What a locked-down process cannot do, with real processes.

Every attack is also run without the sandbox, where it must succeed: an attack that never works proves nothing."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lockdown_scene import LIMITS, MACHINES, REQUIRED, Action, Scene, libc, on, policy_for, refused, secret
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder.sandbox import kernel

# Each attack returns something true if it did what it says, and raises or returns something false if not.


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
