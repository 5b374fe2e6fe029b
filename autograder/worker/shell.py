"""IPython's shell with its outputs collected as notebook outputs, capped, instead of printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.notebook.text import without_own_magics


class Sink:
    """The outputs of the cell that runs now.  Past `cap` bytes a notebook's outputs are dropped and `truncated` is set."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.cap = 1 << 20
        self.used = 0
        self.truncated = False

    def take(self) -> list[dict[str, Any]]:
        taken, self.outputs = self.outputs, []
        return taken

    def _room_for(self, size: int) -> bool:
        self.used += size
        if self.used > self.cap:
            self.truncated = True
            return False
        return True

    def stream(self, name: str, text: str) -> None:
        if len(text) > self.cap:
            text = text[: self.cap]
            self.truncated = True
        if not self._room_for(len(text)):
            return
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def rich(self, output_type: str, data: dict[str, Any], **extra: Any) -> None:
        kept = {mime: value for mime, value in data.items() if isinstance(value, str)}
        if kept and self._room_for(sum(map(len, kept.values()))):
            self.outputs.append({"output_type": output_type, "data": kept, "metadata": {}, **extra})

    def error(self, kind: str, message: str, traceback: list[str]) -> None:
        if self._room_for(len(message) + sum(map(len, traceback))):
            self.outputs.append({"output_type": "error", "ename": kind, "evalue": message, "traceback": traceback})


class Stream:
    """A text stream that writes into the sink; what tqdm, logging and print expect of a file."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, sink: Sink, name: str) -> None:
        self._sink, self.name = sink, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._sink.stream(self._stream, text)
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is buffered."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("this stream has no descriptor")

    writable = readable = seekable = isatty


class _Displays(DisplayPublisher):
    sink: Sink

    def publish(self, data: Any, *_: Any, **__: Any) -> None:
        self.sink.rich("display_data", data)


class _Results(DisplayHook):
    sink: Sink

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        data, _ = self.shell.display_formatter.format(result)  # type: ignore[union-attr]
        self.update_user_ns(result)
        self.sink.rich("execute_result", data, execution_count=None)


class Shell(InteractiveShell):
    """The shell that student cells run in."""

    display_pub_class = Type(_Displays)
    displayhook_class = Type(_Results)

    def __init__(self, **options: Any) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        super().__init__(config=config, **options)
        self.sink = Sink()
        for part in (self.display_pub, self.displayhook):
            part.sink = self.sink  # type: ignore[union-attr]

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.sink.error(etype.__name__, _text(evalue)[:2000], [str(line) for line in stb][-40:])

    def run(self, source: str) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
        """Runs one cell: its outputs, and the error that ended it."""
        with self.redirected():
            result = self.run_cell(without_own_magics(source), store_history=False)
        error = result.error_before_exec or result.error_in_exec
        described = {"type": type(error).__name__, "message": _text(error)[:500]} if error is not None else None
        outputs = self.sink.take()
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return outputs, described

    @contextmanager
    def redirected(self) -> Iterator[None]:
        saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self.sink, "stdout"), Stream(self.sink, "stderr")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = saved


def _text(value: Any) -> str:
    try:
        return str(value)
    except BaseException as error:  # a student's __str__ may do anything
        return f"<{type(error).__name__} while printing the message>"
