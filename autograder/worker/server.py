"""The warm parent: has imported torch and transformers and loaded the course models, and forks a worker per request.

It is itself a fork of the fork server, made for `client.WarmParent`.  It holds no checks, no expected values, no other submission and no
secret.  Control messages are JSON on a SOCK_SEQPACKET socket; after {"pid": n} and, with everything loaded, {"ready": true}:
    {"watch": names}                              →  {}
    {"spawn": …} + the worker's end of a channel  →  {"pid": n} or {"fault": why}
    {"reap": pid}                                 →  {"status": wait status}
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

from autograder import sandbox, wire
from autograder.model import Limits
from autograder.sandbox.policy import NO_PROGRAMS


def preload(settings: dict[str, Any]) -> Any:
    """Imports what submissions import, loads the models, builds the shell; returns the shell.

    `settings` names the "models" of the course and the "modules" that the released notebook imports.  What is there already costs nothing."""
    os.environ.update(NO_PROGRAMS)
    import torch
    import transformers

    from autograder.worker import child as _child  # noqa: F401 - imported here so that no worker has to
    from autograder.worker import warm, watch
    from autograder.worker.shell import Shell

    first = not Shell.initialized()
    if first:
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
    warm.imports(settings["modules"])
    warm.warm(tuple(settings["models"]))
    shell = Shell.instance()
    if not first:
        return shell
    sandbox.prepare()
    shell.run("import torch, math\n1 / 0", store_history=False)
    shell.run("torch.softmax(torch.randn(3, 4), -1).sort()", store_history=False)
    shell.user_ns.pop("torch")
    shell.user_ns.pop("math")
    with watch.Watch(operators=True):
        torch.zeros(2) + 1
    return shell


def serve(control: socket.socket, shell: Any) -> None:
    from autograder.worker import watch

    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not message:
            return
        request = json.loads(message)
        if "reap" in request:
            reply = _reap(request["reap"])
        elif "watch" in request:
            watch.watch(request["watch"])
            reply = {}
        else:
            reply = _spawn(descriptors[0], request["spawn"], shell)
            os.close(descriptors[0])
        control.send(json.dumps(reply).encode())


def _spawn(descriptor: int, job: dict[str, Any], shell: Any) -> dict[str, Any]:
    try:
        pid = sandbox.fork()
    except OSError as error:  # memory or processes are short for the moment; the next one may be luckier
        return {"fault": str(error)}
    if pid == 0:
        _become_worker(descriptor, job, shell)
    return {"pid": pid}


def _reap(pid: int) -> dict[str, Any]:
    try:
        os.kill(pid, signal.SIGKILL)
        _, status, used = os.wait4(pid, 0)
        return {"status": status, "cpu": used.ru_utime + used.ru_stime}
    except (ProcessLookupError, ChildProcessError):
        return {"status": -1, "cpu": 0.0}


def _become_worker(descriptor: int, job: dict[str, Any], shell: Any) -> None:
    connection = socket.socket(fileno=descriptor)
    try:
        from autograder.worker import child

        policy = sandbox.Policy(
            work=Path(job["work"]),
            readable=tuple(map(Path, job["readable"])),
            limits=Limits(**job["limits"]),
            required=tuple(job["required"]),
        )
        layers = sandbox.enter(policy, keep=(descriptor,))
        connection.sendall(wire.encode({"layers": list(layers)}))
        child.start(connection, shell, job["limits"]["value_mb"] << 20, job["data"])
    except BaseException as error:  # the last line of defence of a forked process: say it and end, never return
        connection.sendall(wire.encode({"fault": f"{type(error).__name__}: {error}"}))
        os._exit(97)


def main(control: socket.socket, settings: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):  # whoever asked for this process was killed
        control.send(json.dumps({"pid": os.getpid()}).encode())
        serve(control, preload(settings))
