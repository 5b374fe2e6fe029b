"""What runs beside student code: executes cells, answers calls.  Untrusted from the first student line on.

The trusted side sends                                   the worker answers
    {"op": "run", "cells": [[index, source], …], …}          {"cell": i, "outputs": […], "error": …} each, {"done": …}
    {"op": "calls", "first": i, "count": n, …} + n calls       {"id": i, "value": … | "error": …, "ops": […], "changed": […]} each
    {"op": "files", "files": [[path, content], …]}           {"done": true}; they lie in the working folder
    {"op": "helpers", "names": […]}                          {"done": true}; from then on those names are answered by callbacks
While it computes, a call may ask back, for a helper (a function of the notebook) or a spy (an argument of the call):
{"callback" | "spy": name, "args": […], "kwargs": {…}} → {"value": …, "generators": [state, …]} or {"error": …}.
"""

from __future__ import annotations

import builtins
import gc
import linecache
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sized
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder import wire
from autograder.worker import drawing, objects, processes, unattended
from autograder.worker.elsewhere import Elsewhere
from autograder.worker.settings import Settings
from autograder.worker.shell import Shell
from autograder.worker.taken import Taken
from autograder.worker.watch import Watch

FLUSH_SECONDS = 0.003
FLUSH_BYTES = 1 << 16
_UNSENDABLE = wire.Opaque("value that is too large, too deeply nested or broken")


class Child:
    """One submission's process."""

    def __init__(self, connection: socket.socket, shell: Shell, value_cap: int) -> None:
        self._socket = connection
        self._read = wire.reader(connection)
        self._shell = shell
        self._cap = value_cap
        self._home = os.getcwd()  # noqa: PTH109 - as Python's cache of folders has it
        self._settings = Settings()
        self._questions = unattended.Questions()
        self._elsewhere = Elsewhere()
        self._process = os.getpid()
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._flushed = time.monotonic()

    def serve(self) -> None:
        """Answers until the trusted side closes the channel."""
        while True:
            try:
                request = wire.receive(self._read, self._cap)
            except EOFError:
                os._exit(0)
            if request["op"] == "run":
                self._run(request)
            elif request["op"] == "calls":
                self._calls(request["first"], request["count"], watch=request["watch"])
            elif request["op"] == "files":
                for name, content in request["files"]:
                    _put(name, content)
                self._send({"done": True})
            elif request["op"] == "helpers":
                for name in request["names"]:
                    self._shell.user_ns[name] = self._helper(name)
                self._send({"done": True})
            self._flush()

    # ── the channel ───────────────────────────────────────────────────────────────────────────────

    def _send(self, message: dict[str, Any]) -> None:
        frame = wire.encode(message, objects.refer, body_cap=self._cap)
        self._pending.append(frame)
        self._pending_size += len(frame)
        if self._pending_size > FLUSH_BYTES or time.monotonic() - self._flushed > FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        if os.getpid() != self._process:  # a fork that a cell has made, and that was left to run on
            os._exit(0)
        if self._pending:
            self._socket.sendall(b"".join(self._pending))
            self._pending, self._pending_size = [], 0
        self._flushed = time.monotonic()

    # ── cells ─────────────────────────────────────────────────────────────────────────────────────

    def _run(self, request: dict[str, Any]) -> None:
        self._shell.sink.cap = request["output_cap"]
        taken = Taken(self._shell, request["use"], dict(request["answers"]))
        for index, source in request["cells"]:
            taken.begin(index)
            self._questions.begin_cell()
            try:
                with self._settings.theirs(cell=True):
                    outputs, error = self._shell.run(source)
            except (
                BaseException
            ) as fault:  # SystemExit in a hook, a broken display: the student's, like everything here
                outputs, error = self._shell.sink.take(), _describe(fault)
            taken.end(index)
            _forget_listing(self._home)  # in the time of this cell, which may have made it slow
            message = {"cell": index, "outputs": outputs, "error": error}
            try:
                self._send(message)
            except Exception as fault:  # outputs that are too large, or were tampered with
                self._send({"cell": index, "outputs": [], "error": {"type": "ValueError", "message": str(fault)}})
            self._flush()
        self._shell.sink.cap = 1 << 16
        self._shell.sink.used = 0
        self._send({"done": True, "truncated": self._shell.sink.truncated, "lost": taken.put_back()})

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────

    def _calls(self, first: int, count: int, *, watch: str) -> None:
        calls = [wire.receive(self._read, self._cap) for _ in range(count)]
        for number, call in enumerate(calls, start=first):
            answer = {"id": number, **self._answer(call, watch=watch)}
            try:
                self._send(answer)
            except Exception:  # too large, too deep, or an object that does not bear being looked at
                said: dict[str, Any] = {name: answer[name] for name in ("ops", "changed") if name in answer}
                self._send({"id": number, **said, "value": _UNSENDABLE})
            self._shell.sink.take()
            self._shell.sink.used = 0

    def _answer(self, call: dict[str, Any], *, watch: str) -> dict[str, Any]:
        function = self._shell.user_ns.get(call["function"])
        if not callable(function):
            return {"missing": True}
        args, kwargs = objects.resolve(call["args"], self._spy), objects.resolve(call["kwargs"], self._spy)
        if call["times"]:
            function = _repeated(function, call["times"])
        given = _fingerprint(args, kwargs) if call["keep"] else None
        models = [*args, *kwargs.values()] if call["keep"] else []
        watcher = Watch(operators=watch == "operators")
        answer: dict[str, Any]
        try:
            with self._shell.redirected(), self._settings.theirs():
                if watch:
                    value = self._watched(watcher, lambda: function(*args, **kwargs))
                else:
                    value = function(*args, **kwargs)
            answer = {"value": value}
        except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
            answer = {"error": _describe(error)}
        if watch:
            answer["ops"] = sorted(watcher.names | self._elsewhere.end())
        if call["keep"]:
            try:
                answer["changed"] = given != _fingerprint(args, kwargs)
            except Exception:  # what was there could be looked at; what the answer has made of it cannot
                answer["changed"] = True
            if answer["changed"]:
                for spec in filter(None, map(objects.refer, models)):
                    objects.forget(spec)
        return answer

    def _watched(self, watcher: Watch, ask: Callable[[], Any]) -> Any:
        """The answer as plain data: a property or a `__float__` of an object of the student's runs where it is watched, too."""
        self._elsewhere.begin(operators=watcher.operators)
        with watcher:
            value = ask()
            try:
                return wire.decode(*wire.parts(wire.encode({"value": value}, objects.refer, body_cap=self._cap)))[
                    "value"
                ]
            except Exception:  # as in `_calls`
                return _UNSENDABLE

    # ── what the trusted side answers ─────────────────────────────────────────────────────────────

    def _helper(self, name: str) -> Any:
        def helper(*args: Any, **kwargs: Any) -> Any:
            return self._ask_back("callback", name, list(args), kwargs)

        helper.__name__ = name
        return helper

    def _spy(self, name: str) -> Spy:
        return Spy(name, lambda args, kwargs: self._ask_back("spy", name, args, kwargs))

    def _ask_back(self, kind: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        with self._settings.ours():
            return self._asked_back(kind, name, args, kwargs)

    def _asked_back(self, kind: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        self._send({kind: name, "args": args, "kwargs": kwargs})
        self._flush()
        reply = wire.receive(self._read, self._cap)
        if "error" in reply:
            error = getattr(builtins, reply["error"]["type"], RuntimeError)
            raise error(reply["error"]["message"])
        for generator, state in zip(objects.generators([args, kwargs]), reply.get("generators", ()), strict=False):
            generator.set_state(state)
        return objects.resolve(reply["value"])


class Spy(objects.Remote):
    """What a student's function gets in place of a callable of the trusted side."""

    def __init__(self, name: str, ask: Callable[[list[Any], dict[str, Any]], Any]) -> None:
        super().__init__(name)
        self._ask = ask

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask([_listed(value) for value in args], {key: _listed(value) for key, value in kwargs.items()})


def _listed(value: Any) -> Any:
    """An iterable that is no plain value (a generator, a Series, a column of a data set) as a list."""
    if isinstance(value, (str, bytes, Mapping, torch.Tensor)):
        return value
    if isinstance(value, torch.utils.data.Dataset) and isinstance(value, Sized):
        return [value[number] for number in range(len(value))]
    if not isinstance(value, Iterable):
        return value
    return [item.item() if isinstance(item, np.generic) else item for item in value]


def _repeated(function: Any, times: int) -> Any:
    return lambda *args, **kwargs: [function(*args, **kwargs) for _ in range(times)]


def _fingerprint(args: list[Any], kwargs: dict[str, Any]) -> tuple[bytes, list[str]]:
    """What there is to see of arguments: their frame, and what the models among them hold."""
    frame = wire.encode({"args": args, "kwargs": kwargs}, _refer_but_generators)
    return frame, [objects.digest(value) for value in [*args, *kwargs.values()]]


def _refer_but_generators(value: Any) -> dict[str, Any] | None:
    """As `objects.refer`, with one specification for all generators: that one advances is no change of an argument."""
    return {"kind": "generator"} if objects.is_generator(value) else objects.refer(value)


def _describe(error: BaseException) -> dict[str, Any]:
    """The error as data: its type, the built-in types it descends from, its text, and the student's own line."""
    line, code, functions = 0, "", []
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename.startswith("<ipython-input") or "ipykernel_" in filename:
            line = trace.tb_lineno
            code = linecache.getline(filename, line).strip()
            functions.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    try:
        message = str(error)
    except BaseException:  # a student's __str__ may do anything
        message = "an error whose message cannot be printed"
    bases = [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
    return {
        "type": type(error).__name__[:100], "bases": bases, "message": message[:1000],
        "line": line, "code": code[:200], "functions": functions[-20:],
    }  # fmt: skip


def _put(name: str, content: bytes) -> None:
    """A file of the student's, in the working folder.  What is there already (the assignment's data) stays."""
    path = Path(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _forget_listing(home: str) -> None:
    """Python remembers what lies in a folder until the folder's time changes, which is too coarse for a module that a cell has just written.

    A working folder that is gone, or so deep that it has no name, would fail every import: then it is `home` again."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - the cache has strings
    except OSError:
        os.chdir(home)
        folder = home
    finder: Any = sys.path_importer_cache.get(folder)
    if finder is not None:
        finder.invalidate_caches()


def _as_in_jupyter(shell: Shell, work: Path) -> None:
    """What a kernel sets before the first cell: the notebook's folder can be imported from, and figures are drawn into the outputs."""
    packages = (at for at, path in enumerate(sys.path) if Path(path).name in {"site-packages", "dist-packages"})
    sys.path.insert(next(packages, len(sys.path)), "")
    drawing.settle(shell)
    sys.dont_write_bytecode = (
        True  # a module that is written twice within a second would be read from the first one's bytecode
    )
    shell.settle(work)
    unattended.no_debugger()
    processes.settle()


def _put_away() -> None:
    """The grader's modules leave `sys.modules`: a notebook that imports one gets a fresh copy, which nobody asks anything."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]


def start(connection: socket.socket, shell: Shell, value_cap: int, data: str) -> None:
    """Prepares the process and serves; never returns.  `data` is the assignment's data folder, seen as data/ by the notebook."""
    datasets: Any = sys.modules.get("datasets")
    if datasets is not None:  # it looked its folders up when it was imported, in the warm parent
        cache = Path(os.environ["HF_DATASETS_CACHE"])
        datasets.config.HF_DATASETS_CACHE = cache
        datasets.config.DOWNLOADED_DATASETS_PATH = cache / "downloads"
        datasets.config.EXTRACTED_DATASETS_PATH = cache / "downloads" / "extracted"
    if data:
        Path("data").symlink_to(data)
    _as_in_jupyter(shell, Path.cwd())
    sys.modules["__main__"] = shell.user_module
    sys.argv = ["notebook"]
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - students use the global state
    torch.manual_seed(0)
    child = Child(connection, shell, value_cap)
    _put_away()
    gc.freeze()  # what there is so far is not among the objects that gc.get_objects() shows
    child.serve()
