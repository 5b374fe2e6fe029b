"""Markdown and Python as HTML.  Both are rendered once for a class: most cells are the same for everyone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from autograder.markup.clean import inert_html, plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MARKDOWN_LIMIT = 20_000
CODE_LIMIT = 20_000
# Pygments looks through the rest of a run of blanks at each of its lines.
_BLANKS = re.compile(r"\s{200}")
# The page's own headings end at h3, the cells' begin below.
HEADING_SHIFT = 3


@lru_cache(maxsize=1024)
def markdown(source: str) -> str:
    """A text cell as inert HTML.  Links and pictures become words, mathematics stays as it was typed."""
    source = plain(source, MARKDOWN_LIMIT)
    return inert_html(str(_markdown().render(source)), headings=True)


@lru_cache(maxsize=1024)
def python(source: str) -> str:
    """Highlighted code for inside <pre>; code of unusual length or with a desert of blanks is left plain, as its colours would take too long."""
    if len(source) > CODE_LIMIT or _BLANKS.search(source):
        return html.escape(plain(source, 3 * CODE_LIMIT))
    return _highlighter()(plain(source)).rstrip("\n")


@cache
def _highlighter() -> Callable[[str], str]:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lexer, formatter = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)
    return lambda source: str(highlight(source, lexer, formatter))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "math", _math)
    parser.core.ruler.push("shift_headings", _shift_headings)
    rules: dict[str, Callable[..., str]] = {"link_open": _link_open, "link_close": _link_close, "image": _image}
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


def _math(state: StateInline, silent: bool) -> bool:
    """$…$ and $$…$$ as they are: without scripts nothing can typeset them, and their underscores are no markup."""
    text, start = state.src, state.pos
    if text[start] != "$":
        return False
    fence = "$$" if text.startswith("$$", start) else "$"
    first = start + len(fence)
    end = text.find(fence, first, first + 1000)
    if end <= first or text[first].isspace() != text[end - 1].isspace() or (fence == "$" and text[first].isspace()):
        return False
    if not silent:
        token = state.push("code_inline", "code", 0)
        token.content = " ".join(text[first:end].split())
    state.pos = end + len(fence)
    return True


def _shift_headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + HEADING_SHIFT)}"


def _link_open(*_: object) -> str:
    return ""


def _link_close(_self: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    """The address of a link in words after its text, if it is a web address and not the text itself."""
    depth, opening = 1, at
    while depth and opening:
        opening -= 1
        depth += {"link_close": 1, "link_open": -1}.get(tokens[opening].type, 0)
    address = str(tokens[opening].attrGet("href") or "")
    said = "".join(token.content for token in tokens[opening + 1 : at])
    if not address.startswith(("http://", "https://")) or address == said:
        return ""
    return f" ({html.escape(address[:300])})"


def _image(_self: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    """A picture in words; one that is all of a link is a button, and its words are what the link says."""
    words = html.escape(tokens[at].content or "without a description")
    button = 0 < at < len(tokens) - 1 and (tokens[at - 1].type, tokens[at + 1].type) == ("link_open", "link_close")
    return words if button else f"<em>[picture: {words}]</em>"
