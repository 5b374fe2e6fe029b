"""HTML as balanced allow-listed tags of bounded depth, in one pass.

A browser's parser, and with it every sanitiser, opens formatting again after each block that was left unclosed: a few kilobytes of
`<b a=1><p>` make gigabytes.  What comes out of here closes what it opens, so that it takes a parser little more than its length."""

from __future__ import annotations

import re
from collections.abc import Collection

DEPTH = 40  # tags inside each other, the most that is kept; deeper ones lose their tags and keep their words
TABLES = 3  # of these, tables
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?![a-zA-Z0-9])([^<>]*)>")
_KEPT = re.compile(r"\b(colspan|rowspan)\s?=\s?[\"']?(\d{1,3})(?!\d)")
_VOID = {"br", "hr", "col"}
_HIDDEN = {"script", "style", "title", "textarea", "noscript", "template", "iframe"}
_CELL = {"td", "th"}
# What an opening tag closes where its end was left out, as HTML allows.
_ENDS = {
    "td": _CELL,
    "th": _CELL,
    "tr": {*_CELL, "tr"},
    "li": {"li"},
    "p": {"p"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
}


def balanced(html: str, tags: Collection[str]) -> str:
    """`html` with the tags of `tags` alone, each closed; of attributes colspan and rowspan stay, script and style lose their content."""
    first, *others = html.split("<!--")
    html = first + "".join(rest.partition("-->")[2] for rest in others)
    made: list[str] = []
    open_: list[str] = []
    at, lowered = 0, html.lower()
    if len(lowered) != len(html):  # a letter whose small form is longer: positions must agree
        html = lowered

    def close(count: int) -> None:
        made.extend(f"</{open_.pop()}>" for _ in range(count))

    while found := _TAG.search(html, at):
        made.append(html[at : found.start()].replace("<", "&lt;"))
        at = found.end()
        ending, name = bool(found[1]), found[2].lower()
        if name in _HIDDEN and not ending:
            end = lowered.find(f"</{name}", at)
            at = end if end >= 0 else len(html)
        elif name not in tags:
            continue
        elif ending and name in open_:
            close(open_[::-1].index(name) + 1)
        elif not ending:
            while open_ and open_[-1] in _ENDS.get(name, ()):
                close(1)
            if name in _VOID:
                made.append(f"<{name}>")
            elif len(open_) < DEPTH and (name != "table" or open_.count("table") < TABLES):
                open_.append(name)
                kept = dict(_KEPT.findall(found[3].lower())) if name in _CELL else {}
                attributes = "".join(f' {key}="{value}"' for key, value in sorted(kept.items()))
                made.append(f"<{name}{attributes}>")
    made.append(html[at:].replace("<", "&lt;"))
    close(len(open_))
    return "".join(made)
