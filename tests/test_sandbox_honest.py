# ruff: noqa: F811, RUF100 - a fixture is imported, and is the argument of every test
"""Honest code works in a locked-down worker."""

from __future__ import annotations

import asyncio
import functools
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from lockdown_scene import LIMITS, REQUIRED, Action, Scene, attempt, on, refused
from lockdown_scene import scene as scene  # noqa: PLC0414

from autograder import sandbox


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
