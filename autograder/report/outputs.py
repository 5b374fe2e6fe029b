"""Notebook outputs, saved or fresh, as what a page shows: text, inert HTML, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autograder.report.clean import inert_html, picture, plain
from autograder.report.markup import markdown

OUTPUTS_PER_CELL = 40
CELL_CHARACTERS = 60_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing to show.  `kind` is text, stderr, error, html, picture or note; `content` is HTML for html, a data: URI for
    picture, and text that the page must escape for the others."""

    kind: str
    content: str


def shown(outputs: Iterable[dict[str, Any]], pictures_left: int) -> list[Shown]:
    """What to show of a cell's outputs, at most `pictures_left` pictures and CELL_CHARACTERS of text."""
    found: list[Shown] = []
    room = CELL_CHARACTERS
    for number, output in enumerate(_joined_streams(outputs)):
        if number >= OUTPUTS_PER_CELL or room <= 0:
            found.append(Shown("note", "More output was left out."))
            break
        item = _show(output, pictures_left)
        if item is None:
            continue
        if item.kind == "picture":
            pictures_left -= 1
        else:
            room -= len(item.content)
        found.append(item)
    return found


def _joined_streams(outputs: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Neighbouring pieces of one stream as one output: a print loop makes hundreds."""
    for (kind, name), group in groupby(outputs, key=lambda output: (output.get("output_type"), output.get("name"))):
        if kind == "stream":
            yield {"output_type": kind, "name": name, "text": "".join(_text(output.get("text")) for output in group)}
        else:
            yield from group


def _show(output: dict[str, Any], pictures_left: int) -> Shown | None:
    kind = output.get("output_type")
    if kind == "stream":
        text = plain(_text(output.get("text")))
        return Shown("stderr" if output.get("name") == "stderr" else "text", text) if text.strip() else None
    if kind == "error":
        trace = output.get("traceback")
        said = f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
        lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        return Shown("error", plain("\n".join(lines)) or plain(said))
    data = output.get("data")
    return _rich(data, pictures_left) if isinstance(data, dict) else None


def _rich(data: dict[str, Any], pictures_left: int) -> Shown | None:
    """The richest form that is harmless; a picture or a table that is not gives way to the text beside it."""
    dropped = ""
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            address = picture(_text(data[mime]), mime) if pictures_left > 0 else ""
            if address:
                return Shown("picture", address)
            dropped = "A picture could not be shown."
    if html := inert_html(_text(data.get("text/html"))):
        return Shown("html", html)
    if (source := _text(data.get("text/markdown"))).strip():
        return Shown("html", markdown(source))
    if (text := plain(_text(data.get("text/plain")))).strip():
        return Shown("text", text)
    return Shown("note", dropped or "An output of a kind that is not shown here.") if data else None


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
