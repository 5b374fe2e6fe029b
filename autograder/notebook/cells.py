"""A student's cells as plain typed values, whatever their file holds.  Nothing in here raises on strange values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.notebook.roles import grade_id, tags
from autograder.notebook.text import clean, joined, source_of

OUTPUTS_PER_CELL = 200
# nbformat 3 kept what an output shows beside its type, under short names.
_V3_DATA = {"html": "text/html", "png": "image/png", "jpeg": "image/jpeg", "text": "text/plain", "latex": "text/latex"}
_V3_TYPES = {"pyout": "execute_result", "pyerr": "error"}


@dataclass(frozen=True, slots=True)
class Found:
    """One cell of the file.  `ids` are the cell's own id and the copy that Colab keeps in the metadata."""

    cell_type: str
    source: str
    grade_id: str = ""
    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    outputs: tuple[dict[str, Any], ...] = ()

    @property
    def is_code(self) -> bool:
        return self.cell_type == "code"

    @property
    def is_blank(self) -> bool:
        return not self.source.strip()


def cells_of(nb: object) -> list[object] | None:
    """The raw cells of a notebook of nbformat 4, 3 or 2; None where `nb` is no notebook."""
    if not isinstance(nb, dict):
        return None
    cells = nb.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = nb.get("worksheets")
    if not isinstance(sheets, list):
        return None
    inner = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in inner if isinstance(cells, list) for cell in cells]


def found(raw: object) -> Found | None:
    """A raw cell, or None for a value that is no cell at all."""
    if not isinstance(raw, dict):
        return None
    kind = raw.get("cell_type")
    cell_type = kind if kind in ("code", "markdown", "raw") else "markdown" if kind in ("heading", "html") else "raw"
    metadata = raw.get("metadata")
    ids = (raw.get("id"), metadata.get("id") if isinstance(metadata, dict) else None)
    outputs = raw.get("outputs")
    return Found(
        cell_type=cell_type,
        source=source_of(raw),
        grade_id=grade_id(raw),
        ids=tuple(name for name in ids if isinstance(name, str) and name),
        tags=tags(raw),
        outputs=_outputs(outputs) if cell_type == "code" and isinstance(outputs, list) else (),
    )


def _outputs(raw: list[object]) -> tuple[dict[str, Any], ...]:
    """Saved outputs, rebuilt field by field so that depth, keys and types are nbformat 4's."""
    kept = (_output(output) for output in raw[:OUTPUTS_PER_CELL] if isinstance(output, dict))
    return tuple(output for output in kept if output is not None)


def _output(raw: dict[str, Any]) -> dict[str, Any] | None:
    kind = raw.get("output_type")
    kind = _V3_TYPES.get(kind, kind) if isinstance(kind, str) else None
    if kind == "stream":
        name = "stderr" if "stderr" in (raw.get("name"), raw.get("stream")) else "stdout"
        return {"output_type": "stream", "name": name, "text": joined(raw.get("text"))}
    if kind == "error":
        trace = raw.get("traceback")
        lines = [clean(line) for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        named = {"ename": joined(raw.get("ename")), "evalue": joined(raw.get("evalue"))}
        return {"output_type": "error", **named, "traceback": lines}
    if kind in ("execute_result", "display_data"):
        data = raw.get("data")
        if not isinstance(data, dict):
            data = {mime: raw[short] for short, mime in _V3_DATA.items() if short in raw}
        bundle = {clean(mime): joined(value) for mime, value in data.items()}
        return {"output_type": kind, "data": {mime: text for mime, text in bundle.items() if text}, "metadata": {}}
    return None
