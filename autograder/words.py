"""How numbers and sentences are said, on terminals and pages."""

from __future__ import annotations

import html
import re

_CODE_SPAN = re.compile(r"`([^`\n]{1,300})`")


def plural(number: int, word: str) -> str:
    """`number` things: "1 task", "2 tasks"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def printable(text: str) -> str:
    """`text` for a terminal: what it would obey, and what cannot be seen, is replaced; line breaks stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)


def sentence(text: str) -> str:
    """A sentence of ours or theirs as HTML: escaped, with `code` between backticks as code."""
    return _CODE_SPAN.sub(r"<code>\1</code>", html.escape(text))
