"""What the processes that this one starts have of memory, while something is done."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

EVERY = 0.05
WORKER = 3
"""Generations down: fork server, warm parent, worker.  Where there are namespaces a worker has one more process that only waits."""


class Memory:
    """`all_mb`: the largest sum of anonymous memory of all processes, what several share counted once.
    `workers`: of each worker's process, the most that it had and shared with nobody."""

    def __init__(self) -> None:
        self.all_mb = 0.0
        self.workers: dict[int, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            found = dict(_below(os.getpid(), 0))
            self.all_mb = max(self.all_mb, sum(_mb(pid, "Pss_Anon:") for pid in found))
            for pid, generation in found.items():
                if generation >= WORKER:
                    self.workers[pid] = max(self.workers.get(pid, 0), _mb(pid, "Private_Dirty:"))


def _below(pid: int, generation: int) -> list[tuple[int, int]]:
    """(process, generation) of each descendant."""
    try:
        children = psutil.Process(pid).children()
    except psutil.NoSuchProcess:
        return []
    return [found for one in children for found in [(one.pid, generation + 1), *_below(one.pid, generation + 1)]]


def _mb(pid: int, kind: str) -> float:
    """What /proc/PID/smaps_rollup says (proc_pid_smaps(5)); 0 of a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024
