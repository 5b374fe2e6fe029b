"""What is said after a Ctrl-C: what is kept, and how to go on."""

from __future__ import annotations

_BEGIN_AGAIN = "nothing was written. Run the same command to begin again."
_WHOLE = "what was written is whole. Run the same command to write the rest."
_KEPT = {
    "models": "models that are ready stay. Run the same command to go on.",
    "release": "each release is the old one or the new one. Run the same command to go on.",
    "publish": "the folder is as it was, or finished. Run the same command again.",
    "collect": "what was taken is whole. Run the same command to take the rest: nothing is taken twice.",
    "grade": "what was finished is kept. Run the same command to go on.",
    "demo": "what was finished is kept. Run the same command to go on.",
    "feedback": _WHOLE,
    "report": _WHOLE,
    "export": _WHOLE,
}


def line(command: str) -> str:
    """One line on a command that was stopped."""
    return f"autograder: stopped; {_KEPT.get(command, _BEGIN_AGAIN)}"
