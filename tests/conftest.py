"""What all tests share: where the repository is, and that a skipped test is a failed one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder import course as courses
from autograder import environment
from autograder.model import Course

environment.prepare()  # before any test imports torch

pytest_plugins = ("pytester",)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository.  Read it only: a test that writes makes its own folder."""
    return courses.load(ROOT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a GPU where there is none.  torch is asked only if something does."""
    in_need = [item for item in items if item.get_closest_marker("gpu")]
    if in_need and not _has_gpu():
        for item in in_need:
            item.add_marker(pytest.mark.skip(reason="no GPU here"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Fail what was skipped for any other reason: a test that did not run has proved nothing."""
    report: pytest.TestReport = yield
    if report.skipped and not (item.get_closest_marker("gpu") and not _has_gpu()):
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
    report.longrepr = f"Skipped, and only a missing GPU excuses that: {reason}"


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()
