"""Namespaces, and in them a root that holds read-only what a worker needs and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox import kernel
from autograder.sandbox.policy import DEVICES, PROC

_NAMESPACES = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWCGROUP
)

SHARED = ".shm"  # in the private tmpfs: the semaphores and the shared memory of POSIX, which data loaders ask for


def fork() -> int:
    """os.fork for the warm parent: where this process may make a PID namespace (as root, mostly), the child is the first process of a new one
    and `lockdown.enter` needs no second fork, which for a process that holds torch is the dearest part of the lock-down."""
    if not kernel.LINUX:
        return os.fork()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        kernel.unshare(kernel.CLONE_NEWPID)  # for children only; this process stays where it is
    except OSError:
        os.close(own)
        return os.fork()
    child = -1
    try:
        child = os.fork()
    finally:
        if child:  # else later children would go into the same namespace, and threads could not be started
            kernel.set_namespace(own, kernel.CLONE_NEWPID)
        os.close(own)
    return child


def is_first() -> bool:
    """Whether this process is the first of its PID namespace: no forked process is, but those of `fork`."""
    return os.getpid() == 1


def unshare_as_root() -> None:
    """All namespaces but the user's: root needs none, and machines that refuse user namespaces still allow these to root."""
    kernel.unshare(_NAMESPACES & ~kernel.CLONE_NEWPID if is_first() else _NAMESPACES)


def unshare_as_user() -> None:
    """All namespaces for an ordinary user, who stays itself in there."""
    user, group = os.geteuid(), os.getegid()
    kernel.set_dumpable(True)  # else the maps belong to root
    kernel.unshare(_NAMESPACES | kernel.CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text, encoding="utf-8")


def build(work: Path, readable: Iterable[str], *, disk_mb: int, owner: int) -> None:
    """Makes a new root out of `readable` (read-only, under the same names, symlinks included), a /proc of this PID namespace, three
    devices and a tmpfs of `disk_mb` at `work` that belongs to `owner`, empty but for what stands for /dev/shm.

    To be called by the first process of a new PID namespace.  If it raises OSError, the old root is back in place."""
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    stage = os.path.realpath(work)
    kernel.mount("tmpfs", stage, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    try:
        places, links = _places(readable)
        for place in places:
            _bind(place, stage)
        for link, target in links.items():
            inside = Path(stage + link)
            if not os.path.lexists(inside):
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.symlink_to(target)
        _mount_proc(stage)
        for device in DEVICES:
            _make_place(device, stage)
        Path(stage + stage).mkdir(parents=True, exist_ok=True)
        Path(stage, "dev", "shm").symlink_to(f"{stage}/{SHARED}")
        if (given := str(work.absolute())) != stage and not os.path.lexists(stage + given):
            Path(stage + given).parent.mkdir(parents=True, exist_ok=True)
            Path(stage + given).symlink_to(stage)
        kernel.restrict_mounts(stage, kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID | kernel.MOUNT_ATTR_NODEV)
        for device in DEVICES:  # after the line above, which would disable them
            kernel.mount(device, stage + device, flags=kernel.MS_BIND)
            # A read-only mount can still be written through to the device; only times, which the next worker would see, stay as they are.
            kernel.restrict_mounts(stage + device, kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID)
        options = f"size={disk_mb}m,nr_inodes=20000,mode=700,uid={owner},gid={owner if owner != os.geteuid() else os.getegid()}"
        kernel.mount("tmpfs", stage + stage, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
        Path(stage + stage, SHARED).mkdir(mode=0o777)
        Path(stage + stage, SHARED).chmod(0o777)  # whatever the umask
        kernel.make_root(stage)
    except OSError:
        kernel.detach(stage)
        raise


def _places(paths: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The real paths behind `paths` that exist, none within another, and the symlinks on the way to them."""
    links: dict[str, str] = {}
    real = {place for path in paths if os.path.lexists(place := _resolve(str(Path(path).absolute()), links))}
    outermost: list[str] = []
    for place in sorted(real):
        if not any(place == other or place.startswith(f"{other}/") for other in outermost):
            outermost.append(place)
    return outermost, links


def _resolve(path: str, links: dict[str, str]) -> str:
    """The real path of an absolute `path`; notes in `links` every symlink that it goes through."""
    here, todo, followed = "", path.split("/")[::-1], 0
    while todo:
        part = todo.pop()
        if part in {"", "."}:
            continue
        if part == "..":
            here = here.rpartition("/")[0]
            continue
        here = f"{here}/{part}"
        if os.path.islink(here) and followed < 40:  # noqa: PTH114 - Path raises where it may not look
            followed += 1
            target = links[here] = str(Path(here).readlink())
            here = "" if target.startswith("/") else here.rpartition("/")[0]
            todo += target.split("/")[::-1]
    return here or "/"


def _make_place(path: str, stage: str) -> None:
    """An empty folder or file at `path` in `stage`, to mount over."""
    inside = Path(stage + path)
    if Path(path).is_dir():
        inside.mkdir(parents=True, exist_ok=True)
    else:
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.touch()


def _bind(path: str, stage: str) -> None:
    _make_place(path, stage)
    kernel.mount(path, stage + path, flags=kernel.MS_BIND | kernel.MS_REC)


def _mount_proc(stage: str) -> None:
    """The /proc of this PID namespace; where parts of /proc are masked (containers) and the kernel therefore refuses a new one, the
    few files of the old one that tell nothing of others."""
    Path(stage, "proc").mkdir()
    try:
        kernel.mount("proc", f"{stage}/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    except PermissionError:
        for name in PROC:
            if Path("/proc", name).exists():
                _bind(f"/proc/{name}", stage)
