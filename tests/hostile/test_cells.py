"""Every cell of every table: no spreadsheet runs it, no terminal obeys it."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from autograder.cli import show
from autograder.lms import tables

STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BEFORE = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    '"',
    ";",
    ",",
    "|",
    "x;",
    "x\t",
    'x" ',
    "x\r\n  ",
    "x;\u200b",
    "\ufeff",
    "\u00a0",
    'x;"',
    "1;\x00",
)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("start", STARTS)
def test_a_formula_is_text_wherever_a_spreadsheet_would_begin_a_cell(start: str, before: str) -> None:
    written = tables.text_of([f"{before}{start}cmd|'/C calc'!A0"], [[f"{before}{start}cmd|'/C calc'!A0"]])
    for one in re.split(r'[,;|\t\r\n"]', written):
        assert not one.strip(" \u200b\ufeff\u00a0\x00").startswith(STARTS)


@pytest.mark.parametrize(
    "text",
    [
        "-1.5",
        "+2",
        "1e-5",
        "-1.5e+3",
        "Hopper, Grace",
        "ada@example.org",
        "a = b",
        "x - 1",
        "[0.5, -1.25, -3]",
        "well-known",
        "-1,5",
    ],
)
def test_what_honest_people_write_stays_as_it_is(text: str) -> None:
    assert tables.cell(text) == text


def test_long_runs_take_no_time() -> None:
    began = time.process_time()
    for piece in ("\n", ' "', ";", "-1 ", "=", "+1e", ",-"):
        tables.cell(piece * 100_000)
    assert time.process_time() - began < 5


def test_a_terminal_shows_a_cell_and_does_not_obey_it() -> None:
    out = io.StringIO()
    table = Table("what")
    show.row(table, "\x1b[2J\x1b]8;;http://evil\x07[bold]x[/bold]\u202egnp\x9b1m\r")
    Console(file=out, width=100, force_terminal=False).print(table)
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(out.getvalue())
    assert "[bold]x[/bold]" in out.getvalue()


def test_every_table_of_the_commands_is_made_of_such_cells() -> None:
    commands = Path(show.__file__).parent
    rows = [path.name for path in commands.glob("*.py") for _ in re.findall(r"\.add_row\(", path.read_text("utf-8"))]
    assert rows == ["show.py"]
