"""Processes that a notebook starts: by fork, as no program may be started, and never in a way that waits for something refused.

Without this a data loader with workers would wait for ever: torch hands tensors from process to process through a socket."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from multiprocessing import context, managers, reduction, resource_tracker, util
from typing import Any, NoReturn

import torch.multiprocessing  # noqa: F401 - whose start of processes is mended here

from autograder.worker.commands import answer, passed_over
from autograder.worker.magics import say

_INSTALLERS = {"pip", "pip3", "conda", "mamba", "uv"}


def settle() -> None:
    """For the whole process and all that it forks."""
    _only_fork()
    _no_tracker()
    _copied_tensors()
    os.system = _system  # type: ignore[assignment]
    subprocess.Popen._execute_child = _execute_child  # type: ignore[attr-defined]  # noqa: SLF001 - what every function of the module comes to
    spawning: Any = sys.modules["torch.multiprocessing.spawn"]  # the package has a function of that name
    spawning._prctl_pr_set_pdeathsig = lambda _: None  # noqa: SLF001 - not allowed, and all ends with the worker anyway


# ── programs ──────────────────────────────────────────────────────────────────────────────────────


def _system(command: str) -> int:
    lines = answer(command)
    if lines is None:
        say(passed_over(command))
        return 127 << 8  # as a shell says it of a program that it does not find
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _execute_child(process: Any, arguments: Any, *rest: Any) -> None:
    """An installation is passed over as `%pip` is; every other program is refused at once, without a fork."""
    words = [
        os.fsdecode(word) for word in ([arguments] if isinstance(arguments, (str, bytes, os.PathLike)) else arguments)
    ]
    command = " ".join(words)
    if not _INSTALLERS & {os.path.basename(word) for word in command.split()[:4]}:  # noqa: PTH119 - a word of a command
        raise PermissionError(errno.EPERM, "grading starts no programs", words[0] if words else "")
    say(passed_over(command))
    process._close_pipe_fds(*rest[9:15])  # noqa: SLF001 - as the method does that this one stands for
    process.returncode = 0


# ── processes ─────────────────────────────────────────────────────────────────────────────────────


def _only_fork() -> None:
    """The start methods `spawn` and `forkserver` begin with a program.  What asks for them is forked."""
    methods: dict[str, Any] = context._concrete_contexts  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
    methods.update(dict.fromkeys(methods, methods["fork"]))
    default: Any = context._default_context  # noqa: SLF001
    default._default_context = methods["fork"]  # noqa: SLF001
    util.spawnv_passfds = _refuse  # type: ignore[assignment]
    managers.BaseManager.start = _no_manager  # type: ignore[method-assign]


def _refuse(*_: Any) -> NoReturn:
    raise PermissionError(errno.EPERM, "grading starts no programs, only processes that are forked")


def _no_manager(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError(
        errno.EPERM, "a multiprocessing.Manager needs a socket, which grading does not allow: use a Queue or a Pipe"
    )


def _no_tracker() -> None:
    """The tracker is a program that removes what processes leave in shared memory.  Here the folder goes with the worker."""
    tracker: Any = resource_tracker.ResourceTracker
    tracker.ensure_running = lambda _: None
    tracker._send = lambda *_: None  # noqa: SLF001


def _copied_tensors() -> None:
    """Tensors travel through the pipe like any other value."""
    reducers: dict[type, Any] = reduction.ForkingPickler._extra_reducers  # type: ignore[attr-defined]  # noqa: SLF001
    for kind in [kind for kind in reducers if kind.__module__.partition(".")[0] == "torch"]:
        del reducers[kind]
