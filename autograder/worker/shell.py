"""IPython's shell with its outputs collected as notebook outputs, capped, instead of printed."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core import page
from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.utils.text import LSString, SList
from matplotlib_inline.config import InlineBackend
from traitlets import Instance, Type, default
from traitlets.config import Config

from autograder.notebook.text import without_own_magics
from autograder.worker import magics
from autograder.worker.commands import answer, passed_over
from autograder.worker.magics import say

_DRAWN_INTO_FILES = {"agg", "cairo", "pdf", "ps", "svg", "template"}
_NEEDS_A_LOOP = ("create_task", "ensure_future", "get_running_loop")
_SYS_EXIT = "sys.exit() ended this cell; the cells after it were run."


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
        kept = {
            mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for mime, value in data.items()
            if isinstance(value, (str, bytes))
        }
        if kept and self._room_for(sum(map(len, kept.values()))):
            self.outputs.append({"output_type": output_type, "data": kept, "metadata": {}, **extra})

    def error(self, kind: str, message: str, traceback: list[str]) -> None:
        if self._room_for(len(message) + sum(map(len, traceback))):
            self.outputs.append({"output_type": "error", "ename": kind, "evalue": message, "traceback": traceback})


class Stream(io.TextIOBase):
    """A text stream that writes into the sink; what tqdm, logging and print expect of a file."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, sink: Sink, name: str) -> None:
        super().__init__()
        self._sink, self.name = sink, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._sink.stream(self._stream, text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]  # the base takes bytes as well
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is buffered."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        """A descriptor that leads nowhere, for libraries that ask for one."""
        return 1 if self._stream == "stdout" else 2

    def writable(self) -> bool:
        return True


class _Displays(DisplayPublisher):
    sink: Sink

    def publish(self, data: Any, *_: Any, **__: Any) -> None:
        self.sink.rich("display_data", data)

    def clear_output(self, *_: Any, **__: Any) -> None:
        """At once, also where IPython would wait for the next output: what an animation shows last is the same."""
        self.sink.take()


class _Results(DisplayHook):
    sink: Sink

    def __call__(self, result: Any = None) -> None:
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        data, _ = self.shell.display_formatter.format(result)  # type: ignore[union-attr]
        self.update_user_ns(result)
        self.fill_exec_result(result)
        self.sink.rich("execute_result", data, execution_count=None)


class Shell(InteractiveShell):
    """The shell that student cells run in: as in Jupyter, but that no program is started and nobody is asked."""

    display_pub_class = Type(_Displays)
    displayhook_class = Type(_Results)
    exiter = Instance(magics.Exit)

    def __init__(self, **options: Any) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        super().__init__(config=config, **options)
        self.sink = Sink()
        for part in (self.display_pub, self.displayhook):
            part.sink = self.sink  # type: ignore[union-attr]
        magics.register(self)
        known: list[Any] = self.configurables
        known.append(InlineBackend.instance(parent=self))  # %config knows it before anything is drawn
        extensions: Any = self.extension_manager
        extensions.load_extension("storemagic")

    def settle(self, work: Path) -> None:
        """In the worker: what IPython keeps (%store, %bookmark) lies in the private folder, and numbering begins anew."""
        self.profile_dir = ProfileDir(location=str(work / ".ipython" / "profile_default"))
        self._db = None
        self.history_manager.reset()  # type: ignore[union-attr]
        self.execution_count = 1

    # ── what a worker does not do ─────────────────────────────────────────────────────────────────

    @default("exiter")
    def _default_exiter(self) -> magics.Exit:
        return magics.Exit(self)

    def init_hooks(self) -> None:
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(page.display_page), 99)

    def system(self, cmd: str) -> None:
        """`!cmd`."""
        lines = self._lines(self.var_expand(cmd, depth=1))
        sys.stdout.writelines(f"{line}\n" for line in lines or ())

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """`x = !cmd`: where the program is passed over, the one line that says so."""
        lines = self._lines(self.var_expand(cmd, depth=depth + 1))
        if lines is None:
            lines = [passed_over(cmd)]
        return SList(lines) if split else LSString("\n".join(lines))

    def _lines(self, command: str) -> list[str] | None:
        lines = answer(command)
        self.user_ns["_exit_code"] = 0 if lines is not None else 127
        if lines is None:
            say(passed_over(command))
        return lines

    def ask_exit(self) -> None:
        say("exit() and quit() end nothing here: the rest of the notebook is graded.")

    def debugger(self, *_: Any, **__: Any) -> None:
        say("There is no debugger while grading: the notebook goes on.")

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window and no loop for one."""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """What would open a window, or needs a live notebook, is drawn inline."""
        return super().enable_matplotlib(gui if gui in _DRAWN_INTO_FILES else "inline")

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """A line magic that nobody here knows, of a package perhaps, is said as in Jupyter and stops nothing."""
        if self.find_line_magic(magic_name) is None:
            say(f"UsageError: Line magic function `%{magic_name}` not found; the notebook goes on.")
            return None
        return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)

    # ── cells ─────────────────────────────────────────────────────────────────────────────────────

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        if issubclass(etype, SystemExit):
            say(_SYS_EXIT)
            return
        self.sink.error(etype.__name__, _text(evalue)[:2000], [str(line) for line in stb][-40:])

    def run(self, source: str, *, store_history: bool = True) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
        """Runs one cell: its outputs, and the error that ended it."""
        with self.redirected():
            result = self._run(without_own_magics(source), store_history=store_history)
        error = result.error_before_exec or result.error_in_exec
        described = None
        if error is not None:
            message = _SYS_EXIT if isinstance(error, SystemExit) else _text(error)
            described = {"type": type(error).__name__, "message": message[:500]}
        outputs = self.sink.take()
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return outputs, described

    def _run(self, source: str, *, store_history: bool) -> ExecutionResult:
        """In a kernel a loop always runs, so that tasks can be made without `await`; here only where a cell makes some."""
        if "asyncio.run(" in source or not any(word in source for word in _NEEDS_A_LOOP):
            done: ExecutionResult = self.run_cell(source, store_history=store_history)
            return done
        cell = self.transform_cell(source)
        running = self.run_cell_async(source, store_history=store_history, transformed_cell=cell)
        done = get_asyncio_loop().run_until_complete(running)
        assert isinstance(done, ExecutionResult)
        return done

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
