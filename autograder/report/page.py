"""A page of the report: sections of sentences, figures and sortable tables in one file with nothing remote."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.report.plots import Plot
from autograder.words import sentence

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Cell:
    """`sort` is what the column is sorted by, the text if it is None.  `bar` is a drawing of ours; `more` is what `unfold` unfolds,
    `note` is smaller text below.  All but `bar` may hold anything, and is escaped."""

    text: str
    sort: float | str | None = None
    kind: str = ""
    link: str = ""
    bar: str = ""
    note: str = ""
    more: Sequence[str] = ()
    unfold: str = "who"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row is its head.  `data` is the address of the same as CSV."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    data: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    sentences: Sequence[str] = ()
    figures: Sequence[tuple[Plot, str]] = ()  # and the addresses of their CSVs
    legend: Sequence[tuple[str, str, str]] = ()  # class, sign, words
    tables: Sequence[Table] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Page:
    over: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    back: bool  # whether there is a page above, index.html
    anonymous: bool
    footer: Sequence[str]


def render(page: Page) -> str:
    """The page as HTML."""
    template, css, script, policy = _template()
    return template.render(page=page, css=css, script=script, policy=policy)


def number(value: float | None, places: int = 2) -> Cell:
    """A cell with a number; a dash, sorted last, where there is none."""
    return Cell("–", "") if value is None else Cell(f"{value:.{places}f}", round(value, 6))


def count(value: int) -> Cell:
    return Cell(str(value), value)


@cache
def _template() -> tuple[Template, str, str, str]:
    """The template, the style sheet, the script that sorts, and the policy that allows these two and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = lambda text: Markup(sentence(text))  # noqa: S704 - escaped there
    environment.filters["row"] = lambda cells, columns: Markup(_row(cells, columns))  # noqa: S704 - escaped there
    css, script = ((folder / name).read_text(encoding="utf-8").strip() for name in ("statistics.css", "sort_tables.js"))
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("statistics.html.j2"), Markup(css), Markup(script), Markup(policy)  # noqa: S704 - all are ours


def _row(cells: Sequence[Cell], columns: Sequence[Column]) -> str:
    """A row of a table.  Not by the template: a class of a thousand has a hundred thousand cells."""
    made = []
    for place, (one, column) in enumerate(zip(cells, columns, strict=True)):
        tag = "td" if place else "th"
        kinds = " ".join([one.kind] * bool(one.kind) + ["number"] * column.number + ["wide"] * column.wide)
        made.append(f"<{tag}" + ("" if place else ' scope="row"') + (f' class="{kinds}"' if kinds else ""))
        made.append(">" if one.sort is None else f' data-sort="{html.escape(str(one.sort))}">')
        if one.link:
            made.append(f'<a href="{html.escape(one.link)}">{html.escape(one.text)}</a>')
        elif one.text:
            made.append(f'<span class="said">{sentence(one.text)}</span>')
        made.append(one.bar)
        if one.note:
            made.append(f'<span class="note">{sentence(one.note)}</span>')
        if one.more:
            made.append(
                f"<details><summary>{html.escape(one.unfold)}</summary>{html.escape('; '.join(one.more))}</details>"
            )
        made.append(f"</{tag}>")
    return f"<tr>{''.join(made)}</tr>"


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
