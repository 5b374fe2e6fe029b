"""How the installation shows: a bar on a terminal, a line per step elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Say = Callable[[str], None]
"""Told what begins now, in a few words."""

Share = Callable[[float], None]
"""Told how much of it is done, from 0 to 1.  Not called for steps whose length nobody knows."""


def ignore(_: object) -> None:
    """A `Say` or a `Share` that nobody listens to."""


@contextmanager
def shown(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[tuple[Say, Share]]:
    """What `ensure` reports to, on `stream` (default: stderr).  A bar is gone when the context ends."""
    stream = stream or sys.stderr
    if quiet:
        yield ignore, ignore
    elif stream.isatty():
        yield from _bar(stream)
    else:
        yield (lambda text: print(text, file=stream, flush=True)), ignore


def _bar(stream: TextIO) -> Iterator[tuple[Say, Share]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:

        def say(text: str) -> None:
            for task in bar.task_ids:
                bar.remove_task(task)
            bar.add_task(text, total=None)  # pulses until its share is known

        def share(done: float) -> None:
            bar.update(bar.task_ids[-1], total=1.0, completed=done)

        yield say, share
