"""Ctrl-C: every command that takes seconds ends soon, says in one line what is kept, and leaves no process and no half-written file."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import small_class
from test_killed import of_this_run

from autograder import interrupt
from autograder.cli import stopped
from autograder.model import Course

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = 300
Start = Callable[..., subprocess.Popen[str]]
PATIENCE = 10.0  # seconds; it takes one or two
BEING_WRITTEN = re.compile(r"^\..*\.\d+$")
"""The name that `files.write` gives to a file until it is whole."""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of many, all graded: those after ada have her notebook, and her result under their names."""
    course = small_class.make_repository(tmp_path_factory.mktemp("graded"))
    folder = course.root / "results" / small_class.NAME
    notebook = (course.root / "submitted" / "ada" / small_class.NAME / f"{small_class.NAME}.ipynb").read_text("utf-8")
    for number in range(STUDENTS):
        name = f"student{number:03}"
        small_class.hand_in(course, name, notebook)
        for kind in ("json", "outputs"):
            text = (folder / f"ada.{kind}").read_text("utf-8")
            (folder / f"{name}.{kind}").write_text(
                text.replace('"student": "ada"', f'"student": "{name}"').replace("/ada/", f"/{name}/")
            )
    return course


@dataclass(frozen=True)
class Place:
    """Where a command runs: a course of its own, a folder for temporary files, and one beside the course."""

    root: Path
    tmp: Path
    beside: Path

    def some(self, pattern: str, least: int = 1) -> bool:
        return len(list(self.root.glob(pattern))) >= least

    def has_parent(self, inside: str = "") -> bool:
        """Whether a warm parent has its folder, with something `inside`."""
        return any(self.tmp.glob(f"autograder-scratch-*/**/{inside}"))


@pytest.fixture
def place(graded: Course, tmp_path: Path) -> Place:
    found = Place(tmp_path / "course", tmp_path / "tmp", tmp_path / "beside")
    shutil.copytree(graded.root, found.root)
    found.tmp.mkdir()
    found.beside.mkdir()
    return found


@pytest.fixture
def run(place: Place) -> Iterator[Start]:
    """Starts a command with these arguments, as a shell does: in a process group of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(arguments: str, **environ: str) -> subprocess.Popen[str]:
        words = arguments.format(root=place.root, beside=place.beside).split()
        running = subprocess.Popen(
            [sys.executable, "-m", "autograder", *words],
            env={**os.environ, "AUTOGRADER_COURSE": str(place.root), "TMPDIR": str(place.tmp), **environ},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        started.append(running)
        return running

    yield start
    for running in started:
        if running.poll() is None:
            running.kill()
            running.wait()


NOTEBOOK = "{root}/submitted/ada/counting/counting.ipynb"
MOMENTS: dict[str, tuple[str, Callable[[Place], bool]]] = {
    "check, as models load": (f"check {NOTEBOOK}", Place.has_parent),
    "check, as the notebook runs": (f"check {NOTEBOOK} --hidden", lambda at: at.has_parent("work-*")),
    "check of two, as judges load": (
        f"check {NOTEBOOK} {{root}}/source/counting/counting.ipynb --jobs 2",
        Place.has_parent,
    ),
    "validate": ("validate --jobs 1", lambda at: at.has_parent("work-*")),
    "grade": ("grade --force --jobs 1", lambda at: at.some("results/*/*.before", 3)),
    "demo": ("demo --jobs 2", Place.has_parent),
    "release": ("release", lambda at: at.some("release/.*")),
    "publish": ("publish {beside}/students", lambda at: any(at.beside.glob(".students-*"))),
    "collect": ("collect {beside}/class --from folder", lambda at: at.some("submitted/*/*/*.ipynb", 3)),
    "feedback": ("feedback", lambda at: at.some("feedback/*/*/*.html", 3)),
    "report": ("report", lambda at: at.some("report/**/*.csv")),
    "export": ("export --to gradescope", lambda at: at.some("exports/gradescope/*/*/*", 3)),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_command_that_is_interrupted_ends_in_one_line_and_leaves_nothing_half_done(
    place: Place, run: Start, name: str
) -> None:
    arguments, moment = MOMENTS[name]
    before = contents(place.root / "release")
    if arguments.startswith("demo"):
        for path in (place.root / "submitted").glob("student*"):
            shutil.rmtree(path)
    if arguments.startswith("collect"):
        (place.root / "submitted").rename(place.beside / "class")
    command = arguments.split()[0]
    running = run(arguments)
    wait(running, lambda: moment(place))

    assert interrupted(running) == f"{stopped.line(command)}\n"
    deadline = time.monotonic() + PATIENCE
    while left := of_this_run(str(place.tmp)):
        assert time.monotonic() < deadline, left
    assert [path for path in place.root.rglob(".*") if BEING_WRITTEN.match(path.name)] == []
    assert list(place.tmp.glob("autograder-*")) + list(place.tmp.glob("variants-*")) == []
    assert list(place.beside.glob("*students*")) == []
    assert contents(place.root / "release") == before


def test_a_model_that_is_being_made_when_interrupted_is_not_there_by_half(place: Place, run: Start) -> None:
    cache = place.beside / "hub"
    running = run("models hf-inside/tiny-stable-diffusion --quiet", HF_HUB_CACHE=str(cache))
    wait(running, lambda: any(cache.glob(".locks/*/*/new-*")))

    assert interrupted(running) == f"{stopped.line('models')}\n"
    assert list(cache.glob("models--*/snapshots/*")) == list(cache.glob("models--*/refs/*")) == []


def test_python_that_still_imports_is_interrupted_in_one_line(place: Place, run: Start) -> None:
    reached = place.beside / "reached"
    (place.beside / "argparse.py").write_text(
        f"import pathlib, threading\npathlib.Path({str(reached)!r}).touch()\nthreading.Event().wait()\n"
    )
    running = run("grade", PYTHONPATH=os.pathsep.join([str(place.beside), os.environ.get("PYTHONPATH", "")]))
    wait(running, reached.exists)

    assert interrupted(running) == "autograder: stopped before anything was done.\n"


LOST = {
    "in a destructor": """
        class Loses:
            def __del__(self):
                signal.raise_signal(signal.SIGINT)

        Loses()
        """,
    "in a callback of the garbage collector": """
        def callback(phase, _):
            if phase == "start":
                gc.callbacks.clear()
                signal.raise_signal(signal.SIGINT)

        gc.callbacks.append(callback)
        gc.collect()
        """,
    "before a bare except": """
        try:
            signal.raise_signal(signal.SIGINT)
        except:
            pass
        """,
}
PROGRAM = """
import gc, signal, sys, threading
from autograder import interrupt

interrupt.install()
interrupt.LAST_SECONDS = 0.3
interrupt.last_words("closing took too long")
try:
{body}
    threading.Event().wait()
except KeyboardInterrupt:
    {closing}
    interrupt.end(130, "stopped")
"""


@pytest.mark.parametrize("lost", LOST)
def test_an_interrupt_that_python_loses_comes_again(lost: str) -> None:
    assert program(LOST[lost]) == (130, "stopped\n")


def test_closing_that_takes_too_long_is_cut_short() -> None:
    assert program("signal.raise_signal(signal.SIGINT)", closing="threading.Event().wait()") == (
        130,
        "closing took too long\n",
    )


def program(body: str, closing: str = "") -> tuple[int, str]:
    """The exit code of a program of its own, and what it said."""
    text = PROGRAM.format(body=textwrap.indent(textwrap.dedent(body), "    "), closing=closing)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.returncode, done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def wait(running: subprocess.Popen[str], moment: Callable[[], bool]) -> None:
    """Returns at the `moment`, which must come before the end."""
    deadline = time.monotonic() + 60
    while not moment():
        assert running.poll() is None, f"it ended too early: {running.communicate()[1]}"
        assert time.monotonic() < deadline


def interrupted(running: subprocess.Popen[str]) -> str:
    """What the command says after a Ctrl-C."""
    os.killpg(running.pid, signal.SIGINT)  # as the terminal does: to every process of the command
    said = running.communicate(timeout=PATIENCE)[1]
    assert running.returncode == interrupt.EXIT_CODE, said
    return said
