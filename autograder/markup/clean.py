"""Makes what a student's file or process produced fit to be shown: plain text, inert HTML, checked pictures.

Everything here is allow-listed: what is not known to be harmless is dropped or becomes text."""

from __future__ import annotations

import base64
import binascii
import re
from functools import cache
from html import escape as html_escape

import nh3

from autograder.markup.balanced import balanced

TEXT_LIMIT = 20_000
# Enough for a table of hundreds of rows.
HTML_LIMIT = 60_000
PICTURE_BYTES = 3 * 1024 * 1024
PICTURE_PIXELS = 40_000_000

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
_INLINE = {"b", "i", "em", "strong", "s", "del", "code", "sub", "sup", "span", "br"}
_BLOCK = {"p", "div", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "hr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# JPEG segments that carry the size of the picture: SOF0 to SOF15 without DHT, JPG and DAC.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


# Characters that turn the direction of text or can't be seen; joiners, which emoji and Persian need, are not among them.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)


def has_unseen(text: str) -> bool:
    """Whether `text` shows something else than it says."""
    return _UNSEEN.search(text) is not None


def _named(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """The beginning and the end of a long text, and how much is missing in between."""
    if len(text) <= limit:
        return text
    head, tail = limit * 3 // 4, limit // 4
    return f"{text[:head]}\n… {len(text) - head - tail:,} characters left out …\n{text[-tail:]}"


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` as a terminal would leave it standing: no colours, no control characters, of a progress bar its last state; characters that can't be seen by their number, e.g. <U+202E>."""
    text = shorten(text, 2 * limit).replace("\r\n", "\n")
    text = _ANSI.sub("", text)
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return shorten(_UNSEEN.sub(_named, _CONTROL.sub("", text)), limit)


@cache
def _cleaner(*, headings: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TABLE | _INLINE | _BLOCK | (HEADINGS if headings else set()),
        clean_content_tags={"script", "style"},
        attributes={"th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}},
        strip_comments=True,
        link_rel=None,
    )


def inert_html(html: str, *, headings: bool = False) -> str:
    """`html` with tables and plain formatting only: no link, picture, style, class, id or event.  "" where nothing is left.

    Headings lose their tags unless asked for, so that an output does not enter the page's outline."""
    if len(html) > HTML_LIMIT:
        return ""
    tags = _TABLE | _INLINE | _BLOCK | (HEADINGS if headings else set())
    cleaned: str = _cleaner(headings=headings).clean(balanced(_CONTROL.sub("", html), tags))
    cleaned = _UNSEEN.sub(lambda found: html_escape(_named(found)), cleaned)
    return cleaned if cleaned.strip() else ""


def picture(encoded: str, mime: str) -> str:
    """A data: URI of a PNG or JPEG whose bytes are what they claim to be and of a sane size; "" for anything else."""
    if mime not in ("image/png", "image/jpeg") or len(encoded) > PICTURE_BYTES * 3 // 2:
        return ""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    width, height = _png_size(data) if mime == "image/png" else _jpeg_size(data)
    if len(data) > PICTURE_BYTES or not 0 < width * height <= PICTURE_PIXELS:
        return ""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _png_size(data: bytes) -> tuple[int, int]:
    """(width, height) by the header, which comes first; (0, 0) for what is no PNG."""
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or len(data) < 33:
        return 0, 0
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height) by the first frame header; (0, 0) for what is no JPEG."""
    if not data.startswith(_JPEG):
        return 0, 0
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + length
    return 0, 0
