"""Whom a worker runs as: a user that owns nothing where we are root, else ourselves without capabilities."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox import kernel

_SPAN = 1 << 16
# Above every range that distributions give to users, services and containers.
_UNUSED = 0x7000_0000


def unused_id() -> int | None:
    """A user and group id for this process that nobody else has, or None where the kernel maps none but our own.

    Each worker gets another one, so that workers cannot signal each other and RLIMIT_NPROC counts one worker alone."""
    with Path("/proc/self/uid_map").open(encoding="utf-8") as file:
        rows = [[int(number) for number in line.split()] for line in file]
    number = int(Path("/proc/self").readlink().name)  # in the namespace of /proc: in its own, every worker is process 1
    end = max(inside + count for inside, _, count in rows)
    if end > _UNUSED + _SPAN:
        return _UNUSED + number % _SPAN
    # In a user namespace of a container: the upper end of what is mapped, below "nobody".
    base = min(end, 65534) - 4096
    return base + number % 4096 if base > 1000 else None


def can_change() -> bool:
    """Whether this process is root and may become somebody else."""
    cap_setgid, cap_setuid = 1 << 6, 1 << 7
    wanted = cap_setgid | cap_setuid
    return os.geteuid() == 0 and kernel.capabilities() & wanted == wanted and unused_id() is not None


def change(user: int, keep: int) -> None:
    """Becomes `user` for good, with no group beside its own and no capability but `keep`."""
    if keep:
        kernel.keep_capabilities()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    kernel.set_capabilities(keep)


def open_to_all(paths: Iterable[Path], *, parents: bool) -> bool:
    """Whether a user that owns nothing may read every one of `paths` that exists (and, with `parents`, may get there)."""
    for path in {Path(os.path.realpath(path)) for path in paths}:
        try:
            mode = path.stat().st_mode
            folders = [folder.stat().st_mode for folder in path.parents] if parents else []
        except FileNotFoundError:
            continue
        except PermissionError:
            return False
        wanted = 0o005 if path.is_dir() else 0o004
        if mode & wanted != wanted or not all(folder & 0o001 for folder in folders):
            return False
    return True


def reading_capability() -> int:
    """The capability, as a bit, that lets a user which owns nothing read what we may read; 0 if we have none.

    Files stay bounded by Landlock and the private view, which know no capabilities."""
    held = kernel.capabilities()
    for number in (kernel.CAP_DAC_READ_SEARCH, kernel.CAP_DAC_OVERRIDE):  # Docker leaves its root only the second
        if held >> number & 1:
            return 1 << number
    return 0
