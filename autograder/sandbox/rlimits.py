"""The kernel's limits per process, derived from `model.Limits`."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox import kernel

DESCRIPTORS = 256
_MAPPED_FILES_MB = 1024
_MAIN_STACK_MB = 64


def apply(limits: Limits, *, shared_user: bool) -> None:
    """Sets soft and hard limits of this process and all that it starts.

    Memory: RLIMIT_DATA counts private writable memory, so that an allocation beyond `memory_mb` fails with MemoryError in the student's
    code, whatever the warm parent had already; RLIMIT_AS bounds what RLIMIT_DATA does not count.  Both are per process and count
    memory that was asked for: the sum over processes is watched from outside (`memory.usage_mb`).

    `shared_user`: other processes run as this user, in this user namespace; they count against RLIMIT_NPROC too."""
    had_mb = {name: _status_mb(name) for name in ("VmData", "VmSize")}
    _set(resource.RLIMIT_DATA, had_mb["VmData"] + limits.memory_mb << 20)
    _set(resource.RLIMIT_AS, had_mb["VmSize"] + limits.memory_mb + _MAPPED_FILES_MB << 20)
    # Two processes are ours: this one and the one that waits for it.
    _set(resource.RLIMIT_NPROC, limits.processes + (_tasks_of_user() if shared_user else 2))
    _set(resource.RLIMIT_CPU, limits.cpu_seconds)
    _set(resource.RLIMIT_FSIZE, limits.disk_mb << 20)
    _set(resource.RLIMIT_NOFILE, DESCRIPTORS)
    _set(resource.RLIMIT_STACK, _MAIN_STACK_MB << 20)
    _set(resource.RLIMIT_SIGPENDING, 1024)
    for none in (
        resource.RLIMIT_CORE,
        resource.RLIMIT_MEMLOCK,
        resource.RLIMIT_MSGQUEUE,
        resource.RLIMIT_NICE,
        resource.RLIMIT_RTPRIO,
    ):
        _set(none, 0)


def allow_more(memory_mb: int) -> None:
    """Lets this process, which is trusted, take so much more memory than it has now: beyond that an allocation fails with MemoryError.

    Only the soft limit changes, so the next call may raise it again."""
    if kernel.LINUX:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = _status_mb("VmData") + memory_mb << 20
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _set(which: int, value: int) -> None:
    """`value`, or less where less is set already.  The soft limit of the stack stays as it is, if lower: it places mappings."""
    soft, hard = resource.getrlimit(which)
    unlimited = resource.RLIM_INFINITY
    hard = value if hard == unlimited else min(value, hard)
    keep_soft = which == resource.RLIMIT_STACK and soft != unlimited
    resource.setrlimit(which, (min(soft, hard) if keep_soft else hard, hard))


def _status_mb(name: str) -> int:
    return int(kernel.proc_field("/proc/self/status", name).split()[0]) >> 10


def _tasks_of_user() -> int:
    """How many threads the processes of this user have."""
    own, total = os.getuid(), 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and entry.stat().st_uid == own:
                total += sum(1 for _ in (entry / "task").iterdir())
        except OSError:  # it ended, or hides its threads
            continue
    return total
