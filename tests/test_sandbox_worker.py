# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""How a locked-down worker begins and ends, what it is given, and that honest code works in it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import dataclasses
import errno
import fcntl
import functools
import json
import multiprocessing
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from lockdown_scene import (
    LIMITS,
    MACHINES,
    REQUIRED,
    SECONDS,
    Action,
    Scene,
    attempt,
    fork_on,
    in_child,
    layers,
    on,
    policy_for,
    refused,
)
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox
from autograder.sandbox import kernel, memory

# ── the life of a worker ──────────────────────────────────────────────────────────────────────────


def ends(scene: Scene, how: Callable[[], object]) -> int:
    def work(channel: int) -> None:
        sandbox.enter(policy_for(scene), (channel,))
        how()

    return in_child(work)[1]


def crash() -> None:
    ctypes.string_at(0)


def test_the_worker_ends_as_the_code_in_it_does(scene: Scene) -> None:
    assert os.waitstatus_to_exitcode(ends(scene, lambda: os._exit(7))) == 7
    assert os.waitstatus_to_exitcode(ends(scene, crash)) == -signal.SIGSEGV


def test_an_endless_loop_ends_with_its_time(scene: Scene) -> None:
    limits = dataclasses.replace(LIMITS, cpu_seconds=1)

    def work(channel: int) -> None:
        sandbox.enter(policy_for(scene, limits=limits), (channel,))
        while True:
            pass

    start = time.monotonic()
    _, status = in_child(work)

    assert os.waitstatus_to_exitcode(status) in {-signal.SIGKILL, -signal.SIGXCPU}
    assert time.monotonic() - start < 10


def start_family(scene: Scene, channel: int) -> None:
    """A locked-down worker and a process that it started; all hold `channel` open, so that its end tells of theirs."""
    sandbox.enter(policy_for(scene), (channel,))
    with contextlib.suppress(OSError):  # without a PID namespace no process may be started
        os.fork()
    os.write(channel, b"alive")
    signal.pause()


def gone(reading: int) -> bool:
    """Whether everybody who held the other end is gone."""
    while select.select([reading], [], [], SECONDS)[0]:
        if not os.read(reading, 100):
            return True
    return False


@pytest.mark.parametrize("machine", MACHINES)
def test_killing_the_worker_leaves_nothing(machine: str, scene: Scene) -> None:
    def host(_: int) -> bool:
        MACHINES[machine]()
        reading, writing = os.pipe()
        worker = fork_on(machine)
        if not worker:
            start_family(scene, writing)
        os.close(writing)
        said = os.read(reading, 5)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        return said == b"alive" and gone(reading)

    assert in_child(host)[0] is True


@pytest.mark.parametrize("machine", MACHINES)
def test_a_worker_dies_with_its_parent(machine: str, scene: Scene) -> None:
    reading, writing = os.pipe()
    host = os.fork()
    if not host:
        MACHINES[machine]()
        if not fork_on(machine):
            start_family(scene, writing)
        os.close(writing)
        signal.pause()
    os.close(writing)
    said = os.read(reading, 5)
    os.kill(host, signal.SIGKILL)
    os.waitpid(host, 0)

    assert said == b"alive"
    assert gone(reading)
    os.close(reading)


@pytest.mark.parametrize("locked", [True, False])
def test_another_process_of_its_user_cannot_look_into_a_worker(locked: bool, scene: Scene) -> None:
    """Without namespaces, workers of an ordinary user are such processes to each other."""

    def host(_: int) -> bool:
        MACHINES["unshare refused to an ordinary user"]()
        reading, writing = os.pipe()
        worker = os.fork()
        if not worker:
            if locked:
                sandbox.enter(policy_for(scene), (writing,))
            os.write(writing, b"alive")
            signal.pause()
        os.read(reading, 5)
        try:
            with Path(f"/proc/{worker}/mem").open("rb"):
                return True
        except PermissionError:
            return False
        finally:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)

    assert in_child(host)[0] is not locked


def test_only_the_named_descriptors_survive(scene: Scene) -> None:
    with scene.canary.open("rb") as secret_file:
        number = os.dup(secret_file.fileno())
        high = fcntl.fcntl(number, fcntl.F_DUPFD, 200)

        def survivors(channel: int) -> list[int]:
            sandbox.enter(policy_for(scene), (channel,))
            found = [fd for fd in range(256) if fd != channel and _is_open(fd)]
            return found if all(os.path.samestat(os.fstat(fd), Path(os.devnull).stat()) for fd in found) else [-1]

        assert in_child(survivors)[0] == [0, 1, 2]
        assert in_child(lambda _: _is_open(high))[0] is True
        os.close(number)
        os.close(high)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


SECRET_PROGRAM = """
import os, sys
from pathlib import Path
from autograder import sandbox
from autograder.model import Limits

if sys.argv[2] == "locked":
    sandbox.enter(sandbox.Policy(Path(sys.argv[1]), sandbox.interpreter(), Limits(), ()), (1,))
found = [name for name in os.environ if "SECRET" in name]
try:
    found += ["/proc"] * (b"hunter2" in open("/proc/self/environ", "rb").read())
except OSError:
    pass
import ctypes
with open("/proc/self/stat") as file:
    fields = file.read().rpartition(")")[2].split()
first = ctypes.string_at(int(fields[47]), int(fields[48]) - int(fields[47])) if int(fields[47]) else b""
found += ["memory"] * (b"hunter2" in first)
os.write(1, " ".join(found).encode())
"""


@pytest.mark.parametrize(("mode", "found"), [("locked", ""), ("open", "A_SECRET /proc memory")])
def test_the_environment_of_the_parent_is_forgotten(mode: str, found: str, scene: Scene, root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SECRET_PROGRAM, scene.work, mode],
        env={**os.environ, "A_SECRET": "hunter2", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == found


def test_the_environment_is_the_policys(scene: Scene) -> None:
    policy = policy_for(scene)

    def names(channel: int) -> dict[str, str]:
        sandbox.enter(policy, (channel,))
        return dict(os.environ)

    seen, _ = in_child(names)

    assert seen == sandbox.environment(policy)
    assert {seen[name] for name in ("HOME", "TMPDIR", "PWD")} == {str(scene.work)}


def test_the_disk_is_private_small_and_empty_afterwards(scene: Scene) -> None:
    def fill(s: Scene) -> int:
        written = 0
        try:
            for number in range(3 * LIMITS.disk_mb):
                (s.work / str(number)).write_bytes(bytes(1 << 20))
                written += 1
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - it is the number that matters
        return written

    result = on("as we are", fill, scene)

    if "disk" in result["layers"]:
        assert 0 < result["answer"] <= LIMITS.disk_mb
        assert list(scene.work.iterdir()) == []
    else:
        assert sandbox.available()["disk"]
    assert on("as we are", fill, scene, locked=False)["answer"] == 3 * LIMITS.disk_mb


# ── memory ────────────────────────────────────────────────────────────────────────────────────────


def grow(megabytes: int, pieces: list[bytearray]) -> None:
    for _ in range(megabytes):
        pieces.append(bytearray(b"x") * (1 << 20))  # noqa: PERF401 - growing is the point


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
    ballast: list[bytearray] = []
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
        pieces: list[bytearray] = []
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
        pieces: list[bytearray] = []
        try:
            grow(2 * LIMITS.memory_mb, pieces)
        except MemoryError:
            reached = len(pieces)
            pieces.clear()
            return "alive" if reached > LIMITS.memory_mb // 2 and bytearray(s.work.exists() << 20) else ""
        return "no limit"

    assert on("as we are", survives, scene)["answer"] == "alive"
    assert on("as we are", survives, scene, locked=False)["answer"] == "no limit"


# ── what honest code does ─────────────────────────────────────────────────────────────────────────


def uses_threads(_: Scene) -> list[int]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(abs, [-1, 2, -3]))


def uses_files(s: Scene) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy2(s.data, folder))
        copy.chmod(0o644)
        copy.rename(copy.with_suffix(".bak"))
        return (
            Path(folder).parent == s.work == Path.cwd()
            and Path("~").expanduser() == s.work
            and copy.with_suffix(".bak").read_text(encoding="utf-8") == "canary"
        )


async def answer() -> int:
    await asyncio.sleep(0)
    return 42


def runs_programs(_: Scene) -> str:
    try:
        subprocess.run(["pip", "list"], check=False)
    except (PermissionError, BlockingIOError):
        return "refused"
    return ""


def makes_lock(_: Scene) -> str:
    """tqdm tries one, and lives without."""
    try:
        multiprocessing.RLock()
    except OSError as error:
        return f"OSError {bool(error.errno)}"
    return "made"


HONEST: dict[str, tuple[Action, Any]] = {
    "threads": (uses_threads, [1, 2, 3]),
    "files in the work folder": (uses_files, True),
    "reading the data": (lambda s: s.data.read_text(encoding="utf-8"), "canary"),
    "await": (lambda _: asyncio.run(answer()), 42),
    "random numbers": (lambda _: len(os.urandom(4)) + len(str(random.SystemRandom().random())[:1]), 5),
    "the clock": (lambda _: time.time() > 1e9 and time.strftime("%Y") > "2000", True),
    "processors": (lambda _: (os.cpu_count() or 0) > 0 and len(os.sched_getaffinity(0)) > 0, True),
    "its own memory": (lambda _: "VmRSS" in Path("/proc/self/status").read_text(encoding="utf-8"), True),
    "the machine's memory": (lambda _: "MemTotal" in Path("/proc/meminfo").read_text(encoding="utf-8"), True),
    "a late import": (lambda _: __import__("sqlite3").connect(":memory:").execute("select 1").fetchone()[0], 1),
    "a program fails as an exception": (runs_programs, "refused"),
    "signals to itself": (lambda _: os.kill(os.getpid(), 0), None),
    "a lock between processes": (lambda s: makes_lock(s) in {"made", "OSError True"}, True),
}


@pytest.mark.parametrize("machine", ["as we are", "unshare refused", "a container"])
@pytest.mark.parametrize("name", HONEST)
def test_honest_code_works(name: str, machine: str, scene: Scene) -> None:
    action, expected = HONEST[name]

    assert on(machine, action, scene)["answer"] == expected


def read(path: Path, _: Scene) -> str:
    return path.read_text(encoding="utf-8")


def test_symlinks_on_the_way_to_readable_files_work(scene: Scene) -> None:
    """As in the cache of models, whose snapshots link to blobs, and with folders that are links themselves."""
    store = scene.outside / "store"
    (store / "blobs").mkdir(parents=True)
    (store / "snapshots").mkdir()
    (store / "blobs" / "b1").write_text("weights", encoding="utf-8")
    (store / "snapshots" / "model").symlink_to("../blobs/b1")
    (scene.outside / "alias").symlink_to("store")
    policy = sandbox.Policy(
        scene.work, (scene.outside / "alias" / "snapshots", scene.outside / "alias" / "blobs"), LIMITS, ()
    )

    for machine in ("as we are", "unshare refused"):
        result = on(
            machine, lambda s: (s.outside / "alias/snapshots/model").read_text(encoding="utf-8"), scene, policy=policy
        )
        assert result["answer"] == "weights"
        assert refused(on(machine, lambda s: s.canary.read_text(encoding="utf-8"), scene, policy=policy)["answer"])


@pytest.mark.parametrize("machine", ["as we are", "unshare refused", "a container", "a container with user namespaces"])
def test_what_is_readable_may_lie_in_a_private_home(machine: str, scene: Scene) -> None:
    """Interpreters and caches often do, and the worker is not their owner."""
    home = scene.outside / "home"
    (home / "env").mkdir(parents=True)
    (home / "env" / "module.py").write_text("x = 1", encoding="utf-8")
    (home / "other.txt").write_text("private", encoding="utf-8")
    home.chmod(0o700)
    policy = sandbox.Policy(scene.work, (home / "env",), LIMITS, REQUIRED)

    def looks(_: Scene) -> list[Any]:
        files = [home / "env" / "module.py", home / "other.txt"]
        return [attempt(functools.partial(read, path), scene) for path in files]

    module, other = on(machine, looks, scene, policy=policy)["answer"]

    assert module == "x = 1"
    assert refused(other)


def test_a_worker_is_neither_root_nor_has_a_capability(scene: Scene) -> None:
    def who(_: Scene) -> list[int]:
        return [os.getuid(), os.getgid(), kernel.capabilities()]

    for machine in MACHINES:
        user, group, capabilities = on(
            machine, who, scene, policy=sandbox.Policy(scene.work, (scene.data,), LIMITS, ())
        )["answer"]
        assert 0 not in {user, group}
        assert capabilities == 0


LIBRARIES = """
import json, os, sys
from pathlib import Path
from autograder import environment, sandbox
from autograder.model import Limits

environment.prepare()
policy = sandbox.Policy(Path(sys.argv[1]), sandbox.interpreter(), Limits(), ("files", "network", "signals", "memory"))
sandbox.enter(policy, (1,))

import numpy as np
import torch
from concurrent.futures import ThreadPoolExecutor
from tqdm.auto import tqdm
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd
import transformers
from transformers import AutoTokenizer, AutoModelForCausalLM

found = {}
found["sum"] = sum(tqdm(range(5)))
found["torch"] = torch.softmax(torch.zeros(4, requires_grad=True), -1).sum().item()
torch.nn.Linear(3, 3)(torch.randn(2, 3)).sum().backward()
with ThreadPoolExecutor(2) as pool:
    found["threads"] = [t.tolist() for t in pool.map(torch.square, torch.arange(3.0))]
figure, axes = plt.subplots()
axes.bar([1, 2], [3, 4])
axes.set_title("$x^2$")
figure.savefig("picture.png")
found["picture"] = Path("picture.png").stat().st_size > 1000
found["pandas"] = pd.DataFrame({"a": [1, 2]}).describe().loc["mean", "a"]
torch.save(torch.ones(2), "x.pt")
found["saved"] = torch.load("x.pt").tolist()
for name, call in {"torch": lambda: torch.empty(10**12), "numpy": lambda: np.ones(10**12), "python": lambda: bytearray(10**12)}.items():
    try:
        call()
    except (MemoryError, RuntimeError) as error:
        found[f"{name} too large"] = type(error).__name__
try:
    AutoTokenizer.from_pretrained("nobody/no-such-model")
except OSError as error:
    found["missing model"] = "OSError"
os.write(1, json.dumps(found).encode())
"""


def test_the_courses_libraries_import_and_work_after_the_lock_down(scene: Scene, root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIBRARIES, scene.work],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run
    assert json.loads(run.stdout) == {
        "sum": 10,
        "torch": 1.0,
        "threads": [0.0, 1.0, 4.0],
        "picture": True,
        "pandas": 1.5,
        "saved": [1.0, 1.0],
        "torch too large": "RuntimeError",
        "numpy too large": "MemoryError",
        "python too large": "MemoryError",
        "missing model": "OSError",
    }


def test_a_fork_of_ours_needs_no_second_process_and_leaves_the_parent_where_it_is(scene: Scene) -> None:
    reading, writing = os.pipe()
    workers = []
    for _ in range(2):
        worker = sandbox.fork()
        if not worker:
            sandbox.enter(policy_for(scene), (writing,))
            os.write(writing, b"alive")
            signal.pause()
        workers.append(worker)
        assert os.read(reading, 5) == b"alive"
    children = [Path(f"/proc/{worker}/task/{worker}/children").read_text(encoding="utf-8") for worker in workers]
    identity = {tuple(Path(f"/proc/{worker}").stat()[4:6]) for worker in workers}
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)

    by_root = os.geteuid() == 0 and not sandbox.available()["namespaces"]
    assert all(bool(found) != by_root for found in children)
    assert len(identity) == (2 if by_root else 1)  # root gives every worker a user of its own
    with ThreadPoolExecutor(1) as pool:  # not possible for a process whose children go to another namespace
        assert pool.submit(in_child, lambda _: os.getpid() == 1).result()[0] is False
