"""An address at which no scheduler can answer is said in a line, and at once."""

from __future__ import annotations

import time

import pytest
import small_class

from autograder import cli, cluster
from autograder.model import Course


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return small_class.make(tmp_path_factory.mktemp("course"))


@pytest.fixture(autouse=True)
def here(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The course is the small one."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(small.root))


def test_nobody_at_the_address_is_one_line_within_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cluster.CONNECT_SECONDS <= 5
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    started = time.monotonic()
    assert cli.main(["grade", "counting", "--quiet", "--force", "--scheduler", "tcp://127.0.0.1:1"]) == 4

    assert time.monotonic() - started < 20  # Dask's own patience is 30
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("autograder: Nobody answers at tcp://127.0.0.1:1.")


@pytest.mark.parametrize("wrong", ["nonsense", "tcp://127.0.0.1", "carrier-pigeon://host:1"])
def test_what_is_no_address_is_a_fault_of_use(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["grade", "counting", "--quiet", "--force", "--scheduler", wrong]) == 2

    assert "is no address of a scheduler" in capsys.readouterr().err
