"""A Dask cluster of real processes, which know of this repository's engine and of no course."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import distributed

ROOT = Path(__file__).resolve().parent.parent
DASK = [sys.executable, "-m", "dask"]

OLD_KERNEL = """
import errno, os, sys
import pyseccomp

refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
refused.add_rule(pyseccomp.ERRNO(errno.EPERM), "unshare")
for name in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"):
    refused.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
refused.load()
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a program on a machine that has neither namespaces for it nor Landlock."""


@contextmanager
def dask(
    *arguments: str, folder: Path, path: Path = ROOT, launcher: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker, in a folder where there is no course; `path` comes first among its packages."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AUTOGRADER", "PYTEST"))}
    environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(map(str, (path, ROOT))))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([*launcher, *DASK, *arguments], cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def scheduler(place: Path, folder: Path) -> Any:
    """A scheduler, which says in the file `place` where it is."""
    arguments = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
    return dask(*arguments, folder=folder)


def worker(place: Path, folder: Path, path: Path = ROOT, launcher: tuple[str, ...] = ()) -> Any:
    arguments = ("worker", "--scheduler-file", str(place), "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard")
    return dask(*arguments, folder=folder, path=path, launcher=launcher)


@contextmanager
def connected(place: Path, workers: int) -> Iterator[distributed.Client]:
    """A client, once there are so many workers."""
    with distributed.Client(scheduler_file=str(place), timeout=60, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
        yield client


def address_of(client: distributed.Client) -> str:
    """The address of its scheduler."""
    assert client.scheduler is not None
    return str(client.scheduler.address)


@contextmanager
def of_its_own(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], distributed.Client]]:
    """A scheduler with one worker: its address, the worker, and a client."""
    place = folder / "scheduler.json"
    with scheduler(place, folder), worker(place, folder) as one, connected(place, 1) as client:
        yield address_of(client), one, client


def end(one: subprocess.Popen[bytes], client: distributed.Client) -> None:
    """Ends the only worker, and returns when the scheduler knows."""
    one.terminate()
    one.wait(30)
    deadline = time.monotonic() + 30
    while client.nthreads():
        assert time.monotonic() < deadline
