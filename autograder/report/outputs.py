"""Notebook outputs, saved or fresh, as what a page shows: text, inert HTML, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autograder.markup.clean import inert_html, picture, plain
from autograder.markup.rendered import markdown
from autograder.notebook.text import joined

OUTPUTS_PER_CELL = 40
LEFT_OUT = "More was left out: this page shows only so much."


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing to show.  `kind` is text, stderr, error, html, picture or note; `content` is HTML for html, a data: URI for
    picture, and text that the page must escape for the others."""

    kind: str
    content: str


@dataclass(slots=True)
class Room:
    """What is left of a page: pictures and characters.  Rendering costs time too, so it is counted before it is done."""

    pictures: int = 60
    characters: int = 800_000

    def take(self, characters: int) -> bool:
        """Whether there was room for so many characters; they are spent."""
        self.characters -= characters
        return self.characters >= 0


def shown(outputs: Iterable[dict[str, Any]], room: Room) -> list[Shown]:
    """What to show of a cell's outputs, as far as there is `room`."""
    found: list[Shown] = []
    for number, output in enumerate(_joined_streams(outputs)):
        if number >= OUTPUTS_PER_CELL or room.characters <= 0:
            return [*found, Shown("note", LEFT_OUT)]
        item = _show(output, room)
        if item is not None:
            found.append(item)
    return found


def _joined_streams(outputs: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Neighbouring pieces of one stream as one output: a print loop makes hundreds."""
    for (kind, name), group in groupby(outputs, key=lambda output: (output.get("output_type"), output.get("name"))):
        if kind == "stream":
            yield {"output_type": kind, "name": name, "text": "".join(joined(output.get("text")) for output in group)}
        else:
            yield from group


def _show(output: dict[str, Any], room: Room) -> Shown | None:
    kind = output.get("output_type")
    if kind == "stream":
        return _words("stderr" if output.get("name") == "stderr" else "text", joined(output.get("text")), room)
    if kind == "error":
        trace = output.get("traceback")
        lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        said = f"{joined(output.get('ename'))}: {joined(output.get('evalue'))}"
        return _words("error", "\n".join(lines) or said, room)
    data = output.get("data")
    return _rich(data, room) if isinstance(data, dict) and data else None


def _words(kind: str, text: str, room: Room) -> Shown | None:
    text = plain(text)
    if not text.strip():
        return None
    return Shown(kind, text) if room.take(len(text)) else Shown("note", LEFT_OUT)


def _rich(data: dict[str, Any], room: Room) -> Shown | None:
    """The richest form that is harmless; a picture or a table that is not gives way to the text beside it."""
    for mime in ("image/png", "image/jpeg"):
        if mime in data and room.pictures > 0 and (address := picture(joined(data[mime]), mime)):
            room.pictures -= 1
            return Shown("picture", address)
    for mime, render in (("text/html", inert_html), ("text/markdown", markdown)):
        source = joined(data.get(mime))
        if source.strip() and room.take(len(source)) and (html := render(source)):
            return Shown("html", html)
    words = _words("text", joined(data.get("text/plain")), room)
    return words or Shown("note", "An output of a kind that is not shown here.")
