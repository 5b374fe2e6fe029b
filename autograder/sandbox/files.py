"""Landlock: which files this process and all that it starts may read, and that it may write below one folder only."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.sandbox import kernel


@functools.cache
def abi() -> int:
    """The version of Landlock in this kernel; 0 where there is none."""
    if not kernel.LINUX:
        return 0
    try:
        import landlock  # type: ignore[import-untyped]
    except ImportError:
        return 0
    ctypes.set_errno(0)
    try:
        return int(landlock.landlock_abi_version())
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], work: str) -> None:
    """From here on: reading below `readable`, reading and writing the files `writable`, everything but devices below `work`.
    No program can be executed.  Paths that this user cannot reach are left out.

    Raises OSError where Landlock is not to be had.  Landlock leaves chmod, utime, xattr, chdir and stat alone."""
    if not abi():
        raise OSError(errno.ENOSYS, "this kernel has no Landlock, or the package landlock is not installed")
    import landlock

    access = landlock.FSAccess
    reading = access.READ_FILE | access.READ_DIR
    devices = access.EXECUTE | access.MAKE_CHAR | access.MAKE_BLOCK | (access.IOCTL_DEV if abi() >= 5 else 0)
    # The package takes a stale errno of an earlier call for a failure of its own.
    ctypes.set_errno(0)
    rules = landlock.Ruleset()
    try:
        _allow(rules, readable, reading, access.READ_FILE)
        _allow(rules, writable, access.READ_FILE | access.WRITE_FILE, access.READ_FILE | access.WRITE_FILE)
        everything = access.all() & ~devices
        rules.allow(work, rules=everything)
        rules.apply()
    finally:
        os.close(rules._fd)  # noqa: SLF001 - the package leaves it open


def _allow(rules: Any, paths: Iterable[str], for_folder: int, for_file: int) -> None:
    for path in paths:
        try:
            folder = stat.S_ISDIR(Path(path).stat().st_mode)
        except OSError:  # not there, or closed to this user
            continue
        rules.allow(path, rules=for_folder if folder else for_file)


def scope() -> None:
    """Adds what the package leaves out (TCP, signals and abstract sockets to the outside), where the kernel knows it.  No layer depends on
    that: seccomp refuses the same."""
    with contextlib.suppress(OSError):
        kernel.landlock_scope(abi())
