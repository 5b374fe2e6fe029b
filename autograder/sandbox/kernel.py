"""The calls of the Linux kernel that Python 3.11 and the bindings lack, through ctypes: x86-64 and aarch64.

Every function raises OSError with the kernel's reason.  Nothing here decides anything."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import sys
from pathlib import Path
from typing import Any

LINUX = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x4_0000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2

_MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 4, 8, 38
_LINUX_CAPABILITY_VERSION_3 = 0x2008_0522
# Calls for which glibc has no function.  Numbers above 423 are the same on every architecture.
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(platform.machine(), -1)
_SYS_MOUNT_SETATTR = 442
_SYS_LANDLOCK_CREATE_RULESET, _SYS_LANDLOCK_RESTRICT_SELF = 444, 446

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> int:
    """The function `name` of the C library; integers travel as C longs, which every one of these calls takes or ignores."""
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(getattr(_libc, name)(*converted))
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    _call("unshare", flags)


def set_namespace(descriptor: int, kind: int) -> None:
    _call("setns", descriptor, kind)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    _call("mount", os.fsencode(source), os.fsencode(target), kind.encode() or None, flags, options.encode() or None)


def detach(target: str) -> None:
    """Unmounts `target` with all below it, at once for this process, for the kernel when it is no longer used."""
    _call("umount2", os.fsencode(target), _MNT_DETACH)


def restrict_mounts(target: str, attributes: int) -> None:
    """Sets MOUNT_ATTR_… on `target` and every mount below it (Linux 5.12)."""

    class Attributes(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns"))

    wanted = Attributes(attributes, 0, 0, 0)
    size = ctypes.sizeof(wanted)
    _call(
        "syscall",
        _SYS_MOUNT_SETATTR,
        _AT_FDCWD,
        os.fsencode(target),
        _AT_RECURSIVE,
        ctypes.byref(wanted),
        ctypes.c_size_t(size),
    )


def make_root(target: str) -> None:
    """Makes the mount at `target` the root of this mount namespace and lets go of the old one."""
    os.chdir(target)
    _call("syscall", _SYS_PIVOT_ROOT, b".", b".")  # the old root is now mounted over the new one
    detach(".")
    os.chdir("/")


def die_with_parent(signal_number: int) -> None:
    """`signal_number` for this process when the thread that forked it ends.  Every change of user or capabilities forgets it."""
    _call("prctl", _PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def set_dumpable(value: bool) -> None:
    """False: no other process of this user may trace this one or read its memory and environment."""
    _call("prctl", _PR_SET_DUMPABLE, int(value), 0, 0, 0)


def keep_capabilities() -> None:
    """Lets the next change of user leave the permitted capabilities."""
    _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)


def no_new_privileges() -> None:
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def capabilities() -> int:
    """The effective capabilities of this thread as a bit set."""
    return int(proc_field("/proc/self/status", "CapEff"), 16)


def set_capabilities(bits: int) -> None:
    """Effective and permitted become `bits`, inheritable (and with it ambient) nothing."""
    header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    low, high = bits & 0xFFFF_FFFF, bits >> 32
    _call("capset", header, (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0))


def landlock_scope(abi: int) -> None:
    """A Landlock domain without TCP (ABI 4) and without signals and abstract sockets to the outside (ABI 6): what the landlock
    package, which knows files only, leaves out.  Needs no_new_privileges first."""
    if abi < 4:
        raise OSError(errno.EOPNOTSUPP, f"Landlock ABI {abi} knows files only")
    bind_and_connect, abstract_sockets_and_signals = 3, 3
    fields = (0, bind_and_connect, abstract_sockets_and_signals)[: 3 if abi >= 6 else 2]
    attributes = (ctypes.c_uint64 * len(fields))(*fields)
    ruleset = _call(
        "syscall", _SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes)), 0
    )
    try:
        _call("syscall", _SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def forget_first_environment() -> None:
    """Overwrites the strings that the kernel put into this process when the interpreter was started: changing os.environ leaves
    them in place, for /proc/self/environ and for whoever reads memory."""
    with Path("/proc/self/stat").open(encoding="utf-8", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])  # env_start and env_end, fields 50 and 51 counted from the process id
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)


def be_first_to_go() -> None:
    """Should the machine run out of memory, this process and what it starts are ended before any other."""
    with contextlib.suppress(OSError), Path("/proc/self/oom_score_adj").open("w", encoding="utf-8") as file:
        file.write("1000")


def proc_field(path: str, name: str) -> str:
    """The value of the line `name:` of a file like /proc/self/status; "0" if there is none."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith(f"{name}:"):
                return line.partition(":")[2].strip()
    return "0"
