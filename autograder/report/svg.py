"""Drawings as inline SVG: shapes with classes, which the page's style sheet colours in light and in dark.

By hand and not by a plotting library: its SVG sets colours in style attributes, which the page's Content-Security-Policy refuses and dark
mode cannot change, and a drawing takes it a hundred times as long."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

WIDTH = 460
"""Of every drawing, in its own units.  On a phone one of them is then a little under a CSS pixel, so that text stays readable."""


class Drawing:
    """Collects shapes, then is written as one <svg> with a title and a description for those who do not see it."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, *, kind: str, title: str = "") -> None:
        self._add(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" class="{kind}"', "rect", title
        )

    def circle(self, x: float, y: float, radius: float, kind: str, title: str = "") -> None:
        self._add(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{kind}"', "circle", title)

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        self._parts.append(f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{kind}"/>')

    def path(self, data: str, kind: str) -> None:
        self._parts.append(f'<path d="{data}" class="{kind}"/>')

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> None:
        classes = f' class="{kind}"' if kind else ""
        self._parts.append(f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{classes}>{html.escape(words)}</text>')

    def markup(self, name: str, title: str, alt: str) -> str:
        """The drawing as HTML.  `name` makes its ids unique on a page."""
        ids = f"{name}-title", f"{name}-alt"
        return (
            f'<svg viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" aria-labelledby="{ids[0]} {ids[1]}">'
            f'<title id="{ids[0]}">{html.escape(title)}</title><desc id="{ids[1]}">{html.escape(alt)}</desc>'
            f"{self.shapes()}</svg>"
        )

    def shapes(self) -> str:
        """What was drawn, for an <svg> of one's own."""
        return "".join(self._parts)

    def _add(self, opened: str, tag: str, title: str) -> None:
        inside = f"><title>{html.escape(title)}</title></{tag}>" if title else "/>"
        self._parts.append(f"{opened}{inside}")


class Scale:
    """Values from `low` to `high` onto positions from `start` to `end`."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self._start, self._end = low, high if high > low else low + 1, start, end

    def __call__(self, value: float) -> float:
        return self._start + (value - self.low) / (self.high - self.low) * (self._end - self._start)


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5 or 5 times a power of ten of which at most `most` cover `span`."""
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    steps = (factor * power * ten for ten in (1, 10, 100) for factor in (1, 2, 2.5, 5))
    return next(step for step in steps if span / step <= most + 1e-9)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values from `low` to `high`, at most `most` steps apart."""
    step = nice_step(high - low, most)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def edges(top: float, most: int) -> list[float]:
    """Of at most `most` bins of a round width from 0 to `top` or a little beyond."""
    step = nice_step(top, most)
    return [round(number * step, 10) for number in range(max(1, math.ceil(top / step - 1e-9)) + 1)]


def growing(values: Sequence[float], least: float) -> list[float]:
    """Edges 1, 1.5, 2, 3, 5, 7, 10, 15, … times `least` around `values`; what is smaller than `least` counts as in the first bin."""
    found = [least]
    for step in range(1, 80):
        found.append(round(least * (1, 1.5, 2, 3, 5, 7)[step % 6] * 10.0 ** (step // 6), 10))
        if found[-1] > max(values, default=0):
            break
    first = max(0, sum(edge <= min(values, default=0) for edge in found) - 1)
    return found[first:]


def named(edge: float) -> bool:
    """Whether an edge is 1, 2 or 5 times a power of ten: those of which one reads the others."""
    return f"{edge:e}"[0] in "125" and not f"{edge:e}".startswith("1.5")


class Labels:
    """Places words beside points where they cover no other words, as far as there is room between `left` and `right`."""

    _SPOTS = (
        (9, 4, "start"),
        (-9, 4, "end"),
        (0, -9, "middle"),
        (0, 18, "middle"),
        (9, 16, "start"),
        (9, -8, "start"),
        (-9, 16, "end"),
        (-9, -8, "end"),
    )

    def __init__(self, left: float, right: float) -> None:
        self._left, self._right = left, right
        self._taken: list[tuple[float, float, float]] = []
        self._said: list[tuple[float, float, str, str]] = []

    def add(self, x: float, y: float, *forms: str) -> None:
        """Keeps the first of `forms`, long to short, for which there is a free spot; none of them where there is none."""
        any(self._placed(x, y, words) for words in forms)

    def _placed(self, x: float, y: float, words: str) -> bool:
        long = 7.6 * len(words)
        for across, down, anchor in self._SPOTS:
            begin = x + across - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
            box = (begin, begin + long, y + down)
            free = all(box[1] < a or box[0] > b or abs(box[2] - at) > 13 for a, b, at in self._taken)
            if free and box[0] >= self._left and box[1] <= self._right:
                self._taken.append(box)
                self._said.append((x + across, y + down, words, anchor))
                return True
        return False

    def write(self, drawing: Drawing) -> None:
        """Draws the words, over everything that has been drawn."""
        for x, y, words, anchor in self._said:
            drawing.text(x, y, words, anchor=anchor, kind="halo")


def cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _n(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{round(value, 1):g}"
