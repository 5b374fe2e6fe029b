"""Standard output and standard error whose reader may go before the end, as `head` does.

What is printed then goes nowhere, and the command does what it was asked for: a class is not left unbooked because nobody reads on.  Only
here is a broken pipe theirs; any other one, of a socket to a process of ours, is a fault."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO, cast


class _Stream:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self._survive(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._survive(self._stream.flush)

    def _survive(self, act: Callable[[], object]) -> None:
        try:
            act()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def surviving() -> Iterator[None]:
    """While this is open, printing does not fail because nobody reads it."""
    out, error = (cast("TextIO", _Stream(stream)) if stream else stream for stream in (sys.stdout, sys.stderr))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            yield
        finally:
            if out:
                with contextlib.suppress(OSError):  # Python tries once more when it ends, and says why it can't
                    out.flush()
