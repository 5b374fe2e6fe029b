"""A process that has imported what takes seconds and loaded the models, and forks warm parents and judges.

The client's half is `fork`.  The server is `python -m autograder.worker.forkserver <descriptor> <settings>`; the settings are JSON: the
"models" to load and the "modules" that the released notebook imports.  A request on its SOCK_SEQPACKET socket is JSON,
    {"module": name, "settings": as above, "folder": where to run, "may_fork": bool}
with one descriptor, the forked process's end of a channel.  The fork runs `main(channel, settings)` of the module, holds nothing else open
(`may_fork`: but a socket of its own to this server), and ends.  Nobody answers: what becomes of it shows on the channel, which is closed when
the process has ended or could not be forked.

What is here when a warm parent is forked, any submission can read.  So the server is started in a cleared environment and is told no secret:
a judge gets its own over its channel."""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from autograder import environment
from autograder.sandbox import policy

LARGEST_REQUEST = 1 << 16
_FIRST = 3  # the descriptors of a fork, after stdin, stdout and stderr: the channel, and a socket to the server

# ── for who wants a process ───────────────────────────────────────────────────────────────────────


class _Client:
    """The way to the server; a fork that `may_fork` has its parent's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._environ: tuple[tuple[str, str], ...] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def adopt(self, control: socket.socket | None) -> None:
        """In a fork: this is the way, whatever the environment, and nobody else holds the lock."""
        self._lock, self._control, self._environ = threading.Lock(), control, None

    def send(self, request: dict[str, Any], descriptor: int) -> None:
        message, settings = json.dumps(request).encode(), json.dumps(request["settings"])
        with self._lock:
            try:
                socket.send_fds(self._server(settings), [message], [descriptor])
            except OSError:  # it was killed
                self._forget()
                socket.send_fds(self._server(settings), [message], [descriptor])

    def _server(self, settings: str) -> socket.socket:
        """The socket of the server; of another one where the environment has changed that this one was started in."""
        environ = {name: os.environ[name] for name in policy.KEPT if name in os.environ}
        environment.prepare(environ)
        environ |= {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "MPLBACKEND": "agg"}
        if self._control is None or self._environ not in {None, tuple(environ.items())}:
            self._forget()
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._environ = tuple(environ.items())
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-W", "ignore", "-m", __name__, str(theirs.fileno()), settings],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env=environ,
                    cwd="/",
                    start_new_session=True,  # a Ctrl-C on the terminal is for the command, which lets go of the server
                )
        return self._control

    def _forget(self) -> None:
        """A server ends when its last client is gone."""
        if self._control is not None:
            self._control.close()
        self._control = None

    def stop(self) -> None:
        with self._lock:
            self._forget()
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None


_client = _Client()


def fork(
    module: str,
    *,
    folder: Path,
    models: Iterable[str],
    modules: Iterable[str],
    kind: socket.SocketKind = socket.SOCK_STREAM,
    may_fork: bool = False,
) -> socket.socket:
    """Has `main(channel, settings)` of `module` run in a fresh fork, in `folder`; returns the other end of its channel.

    The settings are `models` and `modules`.  The first call starts the server with them, which takes seconds, and does not wait for it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    settings = {"models": list(models), "modules": sorted(modules)}
    with theirs:
        _client.send(
            {"module": module, "settings": settings, "folder": str(folder), "may_fork": may_fork}, theirs.fileno()
        )
    return ours


def stop() -> None:
    """Ends the server that this process has started, also while it loads; what it has forked lives on."""
    _client.stop()


def ended(channel: socket.socket) -> bool:
    """Whether the process at the other end of a channel has ended."""
    if channel.fileno() < 0:
        return True
    said = select.poll()
    said.register(channel, select.POLLIN)
    try:
        return bool(said.poll(0)) and not channel.recv(1, socket.MSG_PEEK)
    except ConnectionError:
        return True


def let_end(channel: socket.socket, patience: float) -> bool:
    """Says over a channel that nothing more will come, and closes it; whether the process had ended within `patience` seconds."""
    with channel:
        try:
            channel.shutdown(socket.SHUT_WR)
            channel.settimeout(patience)
            while channel.recv(LARGEST_REQUEST):
                continue
        except TimeoutError:
            return False
        except OSError:  # it was killed, or this is the second time
            return True
    return True


# ── the server ────────────────────────────────────────────────────────────────────────────────────


def serve(control: socket.socket) -> None:
    """Forks what is asked for until the last client is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a fork has ended: the kernel forgets it at once
    clients = selectors.DefaultSelector()
    clients.register(control, selectors.EVENT_READ)
    while clients.get_map():
        for key, _ in clients.select():
            client = key.fileobj
            assert isinstance(client, socket.socket)
            try:
                message, descriptors, _, _ = socket.recv_fds(client, LARGEST_REQUEST, 1)
            except ConnectionError:
                message = b""
            if message:
                _fork(clients, json.loads(message), descriptors[0])
            else:
                clients.unregister(client)
                client.close()


def _fork(clients: selectors.BaseSelector, request: dict[str, Any], channel: int) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        if not os.fork():
            _run(request, [channel, *([theirs.fileno()] if request["may_fork"] else ())])
    except OSError as error:  # memory or processes are short; whoever waits at the channel learns that nobody is there
        sys.stderr.write(f"autograder: a process could not be forked: {error}\n")
        ours.close()
    finally:
        os.close(channel)
        theirs.close()
    if request["may_fork"] and ours.fileno() >= 0:
        clients.register(ours, selectors.EVENT_READ)


def _run(request: dict[str, Any], kept: list[int]) -> NoReturn:
    """In the fork: nothing of the server but its memory is left."""
    status = 1
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        for place, descriptor in enumerate([fcntl.fcntl(one, fcntl.F_DUPFD, 64) for one in kept], _FIRST):
            os.dup2(descriptor, place, inheritable=False)
        os.closerange(_FIRST + len(kept), 1 << 16)
        _client.adopt(socket.socket(fileno=_FIRST + 1) if request["may_fork"] else None)
        os.chdir(request["folder"])
        tempfile.tempdir = None
        importlib.import_module(request["module"]).main(socket.socket(fileno=_FIRST), request["settings"])
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    from autograder.worker import server

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    server.preload(json.loads(sys.argv[2]))
    gc.collect()
    gc.freeze()  # what is here is shared with all forks as long as nobody writes to it
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    importlib.import_module("autograder.worker.forkserver").main()  # the module that forks know, not `__main__`
