"""Locks down a process that was just forked, before any code of a student runs in it.

The order matters: what takes away a right comes after everything that needs it.

    1 descriptors, session, signals, environment       the parent's are let go
    2 namespaces, and a fork into the new PID namespace the outer process only waits from then on (no fork after `view.fork`)
    3 private view                                      needs the namespaces' rights and the old /proc
    4 limits, an unused user, no capabilities           needs root, where we are root
    5 Landlock                                          needs to open the paths that it allows
    6 not dumpable, death with the parent               changes of user undo both
    7 seccomp                                           refuses most of the calls above
"""

from __future__ import annotations

import os
import resource
import select
import signal
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from autograder.model import LAYERS
from autograder.sandbox import files, identity, kernel, rlimits, syscalls, view
from autograder.sandbox.policy import DEVICES, PROC, SYSTEM, Policy, SandboxError, environment

REMEDY = "`autograder doctor` says what each layer needs; `required_layers` in course_config.py names the layers that must hold, and `grade --unsafe` does without."


def prepare() -> None:
    """To be called once in the warm parent, before the first fork: imports the bindings and makes the filters (about 30 ms)."""
    files.abi()
    syscalls.prepare()


def enter(policy: Policy, keep: tuple[int, ...]) -> tuple[str, ...]:
    """Locks down the calling process, which must have been forked for that and have one thread; returns the layers that hold.

    If the process was not made by `view.fork` and there can be a PID namespace, the function returns in a child of the calling process.  The
    caller itself never returns then: it waits, ends as the child ends (by the same exit status or signal) and takes the child with it if it
    is killed.  Either way the worker ends with its parent, and what it started ends with it; only SIGKILL is sure to end it.
    Of the open descriptors only `keep` survive; 0, 1 and 2 are /dev/null unless they are kept.

    Raises SandboxError, in the innermost process, if one of `policy.required` does not hold.  Nothing of a student may run then."""
    return hold(policy, keep)[0]


def hold(policy: Policy, keep: tuple[int, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """`enter`, and for every layer why it does not hold, or ""."""
    prepare()
    try:
        why = _lock_down(policy, keep)
    except OSError as error:
        raise SandboxError(f"The sandbox could not be set up: {error}.", REMEDY) from error
    held = tuple(layer for layer in LAYERS if not why[layer])
    missing = [f"{layer} ({why[layer]})" for layer in LAYERS if layer in policy.required and why[layer]]
    if missing:
        raise SandboxError(f"The sandbox cannot hold {', '.join(missing)}.", REMEDY)
    return held, {layer: why[layer] for layer in LAYERS}


def _lock_down(policy: Policy, keep: tuple[int, ...]) -> dict[str, str]:
    parent = os.getppid()
    _let_go(policy, keep)
    if not kernel.LINUX:
        os.chdir(policy.work)
        return dict.fromkeys(LAYERS, "this machine does not run Linux on x86-64 or aarch64")
    kernel.die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    kernel.forget_first_environment()
    kernel.be_first_to_go()

    why: dict[str, str] = {}
    root = identity.can_change()
    why["namespaces"], dropped = _leave(policy, root=root)
    in_namespaces = not why["namespaces"]
    user = os.geteuid()
    if root and not dropped:
        user = identity.unused_id() or user
    readable: list[str] = [*SYSTEM, *map(str, policy.readable)]
    if in_namespaces:
        if not (root and not dropped and view.is_first()):
            _fork_into_namespaces()
        try:
            view.build(policy.work, readable, disk_mb=policy.limits.disk_mb, owner=user)
        except OSError as error:
            why["namespaces"] = f"no private view of the files: {error.strerror or error}"
    isolated = not why["namespaces"]

    if root and not dropped:
        _drop_root(policy, user, isolated=isolated)
    else:
        kernel.set_capabilities(0)
    shared_user = not (root or in_namespaces)
    why["limits"] = _attempt(lambda: rlimits.apply(policy.limits, shared_user=shared_user))
    os.chdir(policy.work)

    kernel.no_new_privileges()
    proc = ["/proc"] if isolated else [f"/proc/{name}" for name in PROC]
    why["landlock"] = _attempt(lambda: files.restrict([*readable, *proc], DEVICES, str(policy.work)))
    if not why["landlock"] and not isolated:
        files.scope()
    kernel.set_dumpable(False)
    kernel.die_with_parent(signal.SIGKILL)
    why["syscalls"] = _attempt(lambda: syscalls.restrict(isolated=isolated))
    return {**why, **guarantees(why)}


def guarantees(why: dict[str, str]) -> dict[str, str]:
    """For each guarantee why it does not hold, or "", given the same for the mechanisms.

    A private view holds no other file, and a PID namespace no other process.  Without them Landlock keeps the files, and seccomp what
    Landlock does not look at.  Sockets are seccomp's: namespaces leave some families to the host (AF_VSOCK).  Memory that belongs to no
    process is seccomp's too; the watch over the rest is the trusted side's."""
    view_fails, landlock_fails, seccomp_fails = why["namespaces"], why["landlock"], why["syscalls"]
    return {
        "disk": view_fails,
        "files": view_fails and (landlock_fails or seccomp_fails),
        "network": seccomp_fails,
        "signals": view_fails and seccomp_fails,
        "memory": why["limits"] or seccomp_fails,
    }


def _attempt(action: Callable[[], None]) -> str:
    """Why `action()` failed, or ""."""
    try:
        action()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", "") or str(error)
    return ""


def _let_go(policy: Policy, keep: Iterable[int]) -> None:
    kept = sorted(set(keep))
    end = _open_descriptors_end()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in {0, 1, 2} - set(kept):
        os.dup2(null, descriptor)
    start = 3
    for descriptor in kept:
        if descriptor >= start:
            os.closerange(start, descriptor)
            start = descriptor + 1
    os.closerange(start, end + 1)
    if os.getpid() != os.getpgid(0):  # a leader of a group may not found a session
        os.setsid()
    _default_signals(signal.default_int_handler)
    chosen = environment(policy)
    os.environ.clear()
    os.environ.update(chosen)
    tempfile.tempdir = str(policy.work)  # the parent may have looked it up already


def _open_descriptors_end() -> int:
    """The highest number that an open descriptor has, and one for the descriptor that finds out."""
    return max(int(path.name) for path in Path("/proc/self/fd" if kernel.LINUX else "/dev/fd").iterdir()) + 1


def _default_signals(interrupt: object) -> None:
    """Forgets the parent's handlers; SIGINT does what `interrupt` says."""
    signal.set_wakeup_fd(-1)
    ignored = {signal.SIGPIPE, signal.SIGXFSZ}  # as Python does: they come as exceptions
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, *ignored}:
        if signal.getsignal(number) not in {signal.SIG_DFL, None}:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, interrupt)  # type: ignore[arg-type]
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _leave(policy: Policy, *, root: bool) -> tuple[str, bool]:
    """Enters new namespaces; (why not, whether this process has given up root for that).

    Where root may not unshare by itself (containers), it may still as an ordinary user, if such a user can reach all that is needed."""
    dropped = False
    if root:
        refusal = _attempt(view.unshare_as_root)
        if not refusal or not identity.open_to_all((*policy.readable, policy.work.parent), parents=True):
            return refusal, dropped
        user = identity.unused_id() or 0
        os.chown(policy.work, user, user)
        identity.change(user, keep=0)
        dropped = True
    return _attempt(view.unshare_as_user), dropped


def _drop_root(policy: Policy, user: int, *, isolated: bool) -> None:
    """Becomes `user`.  It keeps the right to read what others may not only if something readable is closed to it: an interpreter below
    a private home outside namespaces (the private view has folders of its own on the way), or packages under a strict umask."""
    if not isolated:
        os.chown(policy.work, user, user)
    reachable = identity.open_to_all(policy.readable, parents=not isolated) and (
        isolated or identity.open_to_all([policy.work.parent], parents=True)
    )
    identity.change(user, keep=0 if reachable else identity.reading_capability())


def _fork_into_namespaces() -> None:
    """Returns in the first process of the new PID namespace."""
    alive, held = os.pipe()
    end = _open_descriptors_end()
    child = os.fork()
    if child:
        _wait_for(child, held, end)
    os.close(held)
    kernel.die_with_parent(signal.SIGKILL)
    if select.select([alive], [], [], 0)[0]:  # the end of the file: the outer process was killed before the line above
        os._exit(1)
    os.close(alive)


def _wait_for(child: int, held: int, end: int) -> NoReturn:
    """Ends as `child` does, holding nothing open but one end of a pipe that tells the child that we live.

    It may not touch a file: the child swaps the root under both, and that has no /proc for this process."""
    status = 1 << 8
    try:
        os.closerange(0, held)
        os.closerange(held + 1, end + 1)
        _default_signals(signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            os.kill(os.getpid(), os.WTERMSIG(status))
    finally:
        os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)
