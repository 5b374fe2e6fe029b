"""What `%check` shows: a small table in a notebook, the same as lines in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from autograder.magic.live import Seen
from autograder.model import Outcome
from autograder.words import sentence

# A sign, for the eye, and a word, for those who see no signs.
SAYS = {
    Outcome.PASSED: ("✓", "passes"),
    Outcome.FAILED: ("✗", "fails"),
    Outcome.STUDENT_ERROR: ("✗", "stops"),
    Outcome.TIMEOUT: ("✗", "too slow"),
    Outcome.MEMORY: ("✗", "too big"),
    Outcome.CRASHED: ("✗", "crashes"),
    Outcome.BANNED: ("✗", "banned"),
    Outcome.GRADER_ERROR: ("✗", "no grade"),
    Outcome.NOT_ATTEMPTED: ("–", "not yet"),
    Outcome.SKIPPED: ("–", "no test"),
}
ONLY_VISIBLE = "These are the visible tests only. The grade comes from more tests, on other inputs."
FRESH = "Before you hand in: restart, run all, check again. Cells that you changed or deleted may still count here."
_CELL = "text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0"


@dataclass(frozen=True, slots=True)
class Table:
    """The tests of one notebook, a row for each task; here the visible ones.  IPython shows `_repr_html_` where it can."""

    assignment: str
    rows: tuple[Seen, ...]
    stopped: bool = False

    @property
    def summary(self) -> str:
        passed = sum(row.outcome is Outcome.PASSED for row in self.rows)
        return f"{self.assignment}: {passed} of {len(self.rows)} tasks pass their visible test"

    @property
    def notes(self) -> tuple[str, ...]:
        stopped = ("You stopped the check: the tasks that are missing were not run.",) if self.stopped else ()
        return (*stopped, ONLY_VISIBLE, FRESH)

    def _repr_html_(self) -> str:
        lines = []
        for row in self.rows:
            sign, word = SAYS[row.outcome]
            lines.append(
                f'<tr><td style="{_CELL}; white-space: nowrap">{sign} {word}</td>'
                f'<td style="{_CELL}; white-space: nowrap">{escape(row.task.id)}</td>'
                f'<td style="{_CELL}; white-space: pre-wrap; overflow-wrap: anywhere">{sentence(row.message)}</td></tr>'
            )
        head = "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in ("", "task", "what happened"))
        return (
            f'<table><caption style="{_CELL}; caption-side: top"><b>{escape(self.summary)}</b></caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
            f'<p style="margin: 0.4em 0; max-width: 60em">{" ".join(map(escape, self.notes))}</p>'
        )

    def __repr__(self) -> str:
        wide = max((len(row.task.id) for row in self.rows), default=0)
        lines = [self.summary]
        for row in self.rows:
            sign, word = SAYS[row.outcome]
            lines.append(f"{sign} {row.task.id:{wide}}  {word:8}  {row.message}".rstrip())
        return "\n".join([*lines, "", *self.notes])
