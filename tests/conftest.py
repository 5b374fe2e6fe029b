"""What all tests share: where the repository is, a browser, and that a skipped test is a failed one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder import course as courses
from autograder import environment
from autograder.model import Course

if TYPE_CHECKING:
    from playwright.sync_api import Browser

environment.prepare()  # before any test imports torch

pytest.register_assert_rewrite("lms_archives", "running_lab", "sample_feedback", "small_class", "small_course")
pytest_plugins = ("pytester",)

ROOT = Path(__file__).resolve().parent.parent
NO_GPU = "no GPU here"
BROWSER_ARGUMENTS = [
    "--no-sandbox",  # its own would not start as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name leads out of this machine
]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository.  Read it only: a test that writes makes its own folder."""
    return courses.load(ROOT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, for tests marked `needs("chromium")`.  It does not outlive the module: its event loop counts as running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_program("chromium"), args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of its own in a temporary folder, for tests marked `needs("initdb", "pg_ctl")`; `postgres(name)` makes an
    empty database there and gives its URL."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # a short path: that of the socket has little room
        folder, user = Path(name), "postgres" if os.geteuid() == 0 else None  # the server refuses to be root
        if user:
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            command = [str(_program(program)), *arguments]
            subprocess.run(
                command, user=user, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )

        data, log = str(folder / "data"), str(folder / "log")
        run("initdb", "--pgdata", data, "--username", "course", "--auth", "trust", "--no-sync", "--encoding", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories='{name}' -c fsync=off"
        run("pg_ctl", "--pgdata", data, "--log", log, "--wait", "--options", options, "start")
        try:

            def database(of: str) -> str:
                run("createdb", "--host", name, "--username", "course", of)
                return f"postgresql+psycopg://course@/{of}?host={name}"

            yield database
        finally:
            run("pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a GPU or a program that is not here.  torch is asked only if something does."""
    for item in items:
        if lack := _lack(item):
            item.add_marker(pytest.mark.skip(reason=lack))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Fail what was skipped for any other reason: a test that did not run has proved nothing.

    A missing program is the reader's to install, so it excuses a test on a reader's machine, and in CI it does not."""
    report: pytest.TestReport = yield
    if report.skipped and (not (lack := _lack(item)) or (lack != NO_GPU and os.environ.get("CI"))):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Any:
    """The same for a whole file that skips itself, as `importorskip` does."""
    report: pytest.CollectReport = yield
    if report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "xfail")
    if hasattr(report, "wasxfail"):
        del report.wasxfail
    report.outcome = "failed"
    report.longrepr = f"Skipped, which nothing excuses here: {reason}"


def _lack(item: pytest.Item) -> str:
    """What a test says that it needs and this machine has not, in words."""
    if item.get_closest_marker("gpu") and not _has_gpu():
        return NO_GPU
    needed = [name for marker in item.iter_markers("needs") for name in marker.args]
    missing = [name for name in needed if not _program(name)]
    return f"not installed here: {', '.join(missing)}" if missing else ""


def _program(name: str) -> str | None:
    """Where a program is; Debian keeps those of PostgreSQL off the PATH."""
    folders = [os.environ.get("PATH", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    return shutil.which(name, path=os.pathsep.join(folders))


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()
