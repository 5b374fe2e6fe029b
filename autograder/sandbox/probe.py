"""What this machine can enforce, and whether it holds: tried in forked children."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.model import LAYERS, Limits
from autograder.sandbox import kernel, lockdown
from autograder.sandbox.policy import Policy, SandboxError, readable


def available() -> dict[str, str]:
    """For every layer "" if it works on this machine and for this user, else why not.  Call it before torch is imported: it forks."""
    work = Path(tempfile.mkdtemp(prefix="autograder-probe-"))
    try:
        policy = Policy(work, readable(), Limits(), ())
        return _in_child(lambda channel: lockdown.hold(policy, (channel,))[1])
    except SandboxError as error:
        return dict.fromkeys(LAYERS, str(error))
    finally:
        shutil.rmtree(work)


def self_test(policy: Policy) -> dict[str, str]:
    """Attacks from inside a locked-down child; for each layer that did not hold, what was possible.  {} if everything was refused.

    Raises SandboxError if a layer that `policy` requires cannot be had.  Layers that cannot be had and are not required are attacked
    too, and so show up."""
    handle, name = tempfile.mkstemp(prefix="autograder-canary-")
    os.close(handle)
    canary = Path(name)
    canary.write_text("canary", encoding="utf-8")
    parent = os.getpid()

    def attack(channel: int) -> dict[str, str]:
        lockdown.enter(policy, (channel,))
        return {layer: found for layer, attempt in _ATTEMPTS.items() if (found := attempt(policy, canary, parent))}

    try:
        return _in_child(attack)
    finally:
        canary.unlink(missing_ok=True)


def require(layers: tuple[str, ...], limits: Limits) -> None:
    """Raises SandboxError unless each of `layers` can be had and withstands the attacks of `self_test`."""
    work = Path(tempfile.mkdtemp(prefix="autograder-probe-"))
    try:
        few = dataclasses.replace(
            limits, processes=8
        )  # the same limit, sooner reached: a fork is dear where torch is loaded
        found = self_test(Policy(work, readable(), few, layers))
    finally:
        shutil.rmtree(work)
    broken = [f"{layer} (it could {found[layer]})" for layer in layers if layer in found]
    if broken:
        raise SandboxError(f"The sandbox does not hold {', '.join(broken)}.", lockdown.REMEDY)


def _in_child(action: Callable[[int], dict[str, str]]) -> dict[str, str]:
    """What `action(descriptor to keep)` returns in a forked child.  Raises SandboxError with what it raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            answer = {"value": action(writing)}
        except BaseException as error:
            answer = {
                "error": {"": f"{error}" if isinstance(error, SandboxError) else f"{type(error).__name__}: {error}"}
            }
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as file:
            text = file.read()
    except BaseException:  # a Ctrl-C
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.waitpid(child, 0)
    if not text:
        raise SandboxError("A process died while it was locked down.", lockdown.REMEDY)
    answer = json.loads(text)
    if "error" in answer:
        raise SandboxError(answer["error"][""])
    return dict(answer["value"])


# ── attempts: each returns what it was able to do, or "" ────────────────────────────────────────────


def _succeeds(action: Callable[[], object]) -> bool:
    try:
        action()
    except (OSError, MemoryError, ValueError):
        return False
    return True


def _files(_: Policy, canary: Path, parent: int) -> str:
    attempts: dict[str, Callable[[], object]] = {
        "read a file outside": canary.read_bytes,
        "list the folder of temporary files": lambda: list(canary.parent.iterdir()),
        "write a file outside": lambda: canary.write_text("broken", encoding="utf-8"),
        "read another process's environment": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "read another process's memory": lambda: Path(f"/proc/{parent}/mem").open("rb").close(),
    }
    return ", ".join(what for what, attempt in attempts.items() if _succeeds(attempt))


def _network(_policy: Policy, _canary: Path, _parent: int) -> str:
    kinds = {
        "TCP": (socket.AF_INET, socket.SOCK_STREAM),
        "UDP": (socket.AF_INET, socket.SOCK_DGRAM),
        "Unix": (socket.AF_UNIX, socket.SOCK_STREAM),
    }
    opened = [name for name, kind in kinds.items() if _succeeds(lambda kind=kind: socket.socket(*kind).close())]  # type: ignore[misc]
    return f"open sockets: {', '.join(opened)}" if opened else ""


def _signals(_policy: Policy, _canary: Path, parent: int) -> str:
    return "signal the parent" if _succeeds(lambda: os.kill(parent, 0)) else ""


def _limits(policy: Policy, _canary: Path, _parent: int) -> str:
    """More processes at once than allowed; they end with their pipe."""
    reading, writing = os.pipe()
    children: list[int] = []
    while len(children) <= policy.limits.processes + 8:
        try:
            child = os.fork()
        except OSError:
            break
        if not child:
            os.close(writing)
            os.read(reading, 1)
            os._exit(0)
        children.append(child)
    os.close(writing)
    os.close(reading)
    for child in children:
        os.waitpid(child, 0)
    return f"start {len(children)} processes" if len(children) > policy.limits.processes + 2 else ""


def _disk(policy: Policy, _canary: Path, _parent: int) -> str:
    block = bytes(1 << 20)
    written = 0
    try:
        while written <= policy.limits.disk_mb:
            Path(policy.work, f"fill-{written}").write_bytes(block)
            written += 1
    except OSError:
        pass
    for path in policy.work.glob("fill-*"):
        path.unlink()
    return f"write {written} MB" if written > policy.limits.disk_mb else ""


def _memory(policy: Policy, _canary: Path, _parent: int) -> str:
    return "allocate more than allowed" if _succeeds(lambda: bytearray((policy.limits.memory_mb + 64) << 20)) else ""


def _namespaces(_policy: Policy, _canary: Path, _parent: int) -> str:
    return "see the host's processes" if os.getpid() != 1 else ""


def _landlock(_policy: Policy, _canary: Path, _parent: int) -> str:
    return "start a program" if kernel.LINUX and _succeeds(lambda: os.posix_spawn("/bin/true", ["true"], {})) else ""


def _syscalls(_policy: Policy, _canary: Path, _parent: int) -> str:
    return "enter new namespaces" if kernel.LINUX and _succeeds(lambda: kernel.unshare(kernel.CLONE_NEWUSER)) else ""


_ATTEMPTS: dict[str, Callable[[Policy, Path, int], str]] = {
    "limits": _limits,
    "namespaces": _namespaces,
    "landlock": _landlock,
    "disk": _disk,
    "files": _files,
    "network": _network,
    "signals": _signals,
    "memory": _memory,
    "syscalls": _syscalls,
}
