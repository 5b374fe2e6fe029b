"""What no answer needs and tampering does: names in a notebook's code that a person should look at.  A flag costs no points."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGNS: dict[str, str] = {
    "the grader's own package": r"\bautograder\b",
    "objects that belong to others": r"\bgc\s*\.\s*get_(?:objects|referrers|referents)|\b__subclasses__\b|\b_getframe\b|\bf_back\b|\btb_frame\b",
    "the interpreter's or IPython's inner workings": (
        r"\bsys\s*\.\s*modules\b|\bast_transformers\b|\binput_transformers?\w*\b|\brun_cell\b|\bdo_execute\b|\bsettrace\b|\bsetprofile\b"
        r"|\b__builtins__\b|\bbuiltins\s*\.\s*\w+\s*=|\bmeta_path\b"
    ),
    "raw memory": r"\bctypes\b|/proc/",
    "the watch over operators": (
        r"\b_disable_current_modes\b|\b_DisableTorchDispatch\b|\b__torch_(?:dispatch|function)__\b|\b_python_dispatch\b|\btorch\s*\.\s*_C\b"
    ),
    "what outlives a cell": r"\batexit\b|\b_thread\b|\bthreading\b|\bmultiprocessing\b|\bos\s*\.\s*fork\b|\bsignal\s*\.\s*signal\b",
    "library functions that it replaces": (
        r"^[ \t]*(?:torch|np|numpy|math|pd|pandas|json)(?:\.\w+)+[ \t]*=(?!=)|\bsetattr\s*\(\s*(?:torch|np|numpy|math|builtins)\b"
    ),
}
_PATTERNS = {what: re.compile(pattern, re.MULTILINE) for what, pattern in _SIGNS.items()}


def signs(sources: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each kind of sign that the sources show, with the first place that shows it."""
    found = []
    texts = list(sources)
    for what, pattern in _PATTERNS.items():
        hit = next((match for text in texts if (match := pattern.search(text))), None)
        if hit is not None:
            found.append(f"The code touches {what} (`{' '.join(hit.group().split())[:40]}`): have a look at it.")
    return tuple(found)
