# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""The memory of a locked-down worker is measured, all its processes together, and limited."""

from __future__ import annotations

import mmap
import os
import select
import signal
import time
from collections.abc import Callable

from lockdown_scene import LIMITS, SECONDS, Scene, gone, layers, on, policy_for
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox
from autograder.sandbox import memory

MEGABYTE = b"x" * (1 << 20)
Pieces = list[mmap.mmap]


def grow(megabytes: int, pieces: Pieces) -> None:
    """Takes memory from the system: Python's allocator would first use what earlier tests have given back to it."""
    for _ in range(megabytes):
        piece = mmap.mmap(-1, len(MEGABYTE), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        piece.write(MEGABYTE)
        pieces.append(piece)


def watched(scene: Scene, body: Callable[[], None], limit_mb: int) -> tuple[int, bool]:
    """(the highest usage seen, whether the worker had to be stopped because it passed `limit_mb`)"""
    reading, writing = os.pipe()
    worker = os.fork()
    if not worker:
        sandbox.enter(policy_for(scene), (writing,))
        body()
        os.write(writing, b"done")
        signal.pause()
    os.close(writing)
    highest, stopped = 0, False
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done = bool(select.select([reading], [], [], 0.005)[0])
        highest = max(highest, memory.usage_mb(worker))
        stopped = highest > limit_mb
        if done or stopped:
            break
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert gone(reading)
    os.close(reading)
    assert memory.usage_mb(worker) == 0
    return highest, stopped


def test_the_memory_of_a_worker_is_its_own_and_not_its_parents(scene: Scene) -> None:
    ballast: Pieces = []
    grow(100, ballast)

    idle, _ = watched(scene, lambda: None, 10_000)
    busy, _ = watched(scene, lambda: grow(80, ballast), 10_000)

    assert idle < 20
    assert 75 <= busy < 110


def test_the_memory_of_all_processes_of_a_worker_is_counted(scene: Scene) -> None:
    """No process asks for more than one may; together they do."""
    if "namespaces" not in layers("as we are", scene)["layers"]:
        assert sandbox.available()["namespaces"]  # then no process can be started: tested above
        return

    def bomb() -> None:
        pieces: Pieces = []
        for _ in range(6):
            if not os.fork():
                grow(60, pieces)
                signal.pause()
        signal.pause()

    inherited = memory.usage_mb(
        os.getpid()
    )  # at the most: each fork of the worker's counts what it got from us as its own
    highest, stopped = watched(scene, bomb, 192)

    assert stopped
    assert highest < 192 + 6 * (60 + inherited)


def test_an_allocation_beyond_the_limit_is_an_exception_and_the_worker_lives(scene: Scene) -> None:
    def survives(s: Scene) -> str:
        pieces: Pieces = []
        try:
            grow(2 * LIMITS.memory_mb, pieces)
        except OSError:  # what stands behind a MemoryError
            reached = len(pieces)
            pieces.clear()
            return "alive" if reached > LIMITS.memory_mb // 2 and bytearray(s.work.exists() << 20) else ""
        return "no limit"

    assert on("as we are", survives, scene)["answer"] == "alive"
    assert on("as we are", survives, scene, locked=False)["answer"] == "no limit"
