"""The pytest plugin: markers, the fixtures `student` and `reference`, and `--submission NB` for running a suite by hand.

    pytest source/softmax/checks --submission softmax.ipynb -k large -x

By hand Hypothesis runs as usual and asks the worker live; the engine (`session.py`) replays drawn inputs instead."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from autograder.checks.remembered import Remembered
    from autograder.checks.student import Student

STUDENT: pytest.StashKey[Student] = pytest.StashKey()
"""Where the engine leaves its own proxy."""
REFERENCE: pytest.StashKey[Remembered] = pytest.StashKey()
"""Where the engine leaves the references, which it remembers the answers of."""
MARKERS = (
    "task(id, points, form): the class holds the checks of one task",
    "weight(share): how much a check counts within its task",
    "plain: a check of ordinary inputs",
    "heart: a check of what the task is about",
    "asks(sentence, topic): the words of the task that ask for what the check checks",
    "hint(text, when): what a student reads when the check fails in the way that it is about",
    "forbids(names, why): library functions that an answer must not use",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--submission", metavar="NB", help="judge this notebook with the collected suite")


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("--submission", None) is not None:
        hypothesis.settings.register_profile(
            "by hand", deadline=None, database=None
        )  # the first call starts the worker
        hypothesis.settings.load_profile("by hand")


@pytest.fixture(scope="session")
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The proxy to the submission's functions."""
    if STUDENT in request.config.stash:
        yield request.config.stash[STUDENT]
        return
    notebook = request.config.getoption("--submission")
    if notebook is None:
        pytest.fail("give the notebook to judge: pytest … --submission NOTEBOOK", pytrace=False)
    from autograder.checks.by_hand import opened

    with opened(Path(notebook), request.session.items) as proxy:
        yield proxy


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """By hand, tells the proxy what this check's task forbids, as the engine does; leaves the call itself to pytest."""
    proxy: Any = pyfuncitem.funcargs.get("student")
    if proxy is not None and pyfuncitem.config.getoption("--submission", None) is not None:
        from autograder.checks.student import Policy

        proxy.policy_ = Policy.of(pyfuncitem.get_closest_marker("forbids"))


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> SimpleNamespace | Remembered:
    """The references of the suite: the functions of references.py beside the test file."""
    return request.config.stash.get(REFERENCE, None) or load_references(request.path.parent)


def load_references(checks: Path) -> SimpleNamespace:
    """The public names of `checks`/references.py, without putting the folder on the path."""
    path = checks / "references.py"
    spec = importlib.util.spec_from_file_location(f"references_of_{checks.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return SimpleNamespace(**{name: value for name, value in vars(module).items() if not name.startswith("_")})
