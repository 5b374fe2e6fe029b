"""Students under names that cannot be turned back, everywhere in their reports.

A pseudonym is a keyed hash (HMAC-SHA256, RFC 2104) of a student's id.  Without the key nobody can try the ids of a class one after
another, as they could with a plain hash.  The key is drawn on first use and kept in the git-ignored .autograder/, so that a student has the
same pseudonym in every assignment and on every run; whoever deletes it cuts that tie for good.

In what was said about a student (messages, flags, reasons) names become one and the same word instead: a pseudonym there would give itself
away, as a student called Max and the function `max` have the same name."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from autograder import files
from autograder.errors import InfrastructureError
from autograder.model import CellError, CheckResult, Execution, Fingerprint, Report, TaskScore

KEY_BYTES = 32
SOMEBODY = "[student]"
_FOLDER = re.compile(r"(submitted|autograded|feedback|results|/home|/Users)/[^/\s'\"`]+")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"\w[\w.@+-]*\w|\w")
SHORTEST = 3  # of a word in a name; shorter ones are initials and particles


def load_key(path: Path) -> bytes:
    """The key in `path`, made on first use and readable by its owner only.  Raises InfrastructureError."""
    try:
        if not path.exists():
            files.write(path, secrets.token_bytes(KEY_BYTES), mode=0o600)
        key = path.read_bytes()
    except OSError as error:
        raise InfrastructureError(
            f"{path} cannot be read or made: {error.strerror}.", "May you write there?"
        ) from error
    if len(key) != KEY_BYTES:
        raise InfrastructureError(f"{path} is not a key of ours.", "Delete it: pseudonyms begin anew.")
    return key


class Pseudonyms:
    """`students` are all ids that may occur, `names` what else they are called: names, e-mail addresses."""

    def __init__(self, key: bytes, students: Iterable[str], names: Iterable[str] = ()) -> None:
        self._key, names = key, tuple(names)
        ids = [student.casefold() for student in students]
        self._ids = {name for name in ids if not _means_nothing(name)}
        texts = [*(name for name in ids if " " in name), *names]
        self._words = {word.casefold() for text in texts for word in _WORD.findall(text) if len(word) >= SHORTEST}
        self._words |= {name for name in self._ids if _WORD.fullmatch(name)}
        self._ids |= {name.casefold() for name in names if _NAME.fullmatch(name)}
        self._known: dict[str, str] = {"": ""}  # a class hears the same sentences

    def of(self, student: str) -> str:
        """The pseudonym of an id: 40 bits of its keyed hash, in letters and digits."""
        digest = hmac.new(self._key, student.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return f"s-{base64.b32encode(digest[:5]).decode().lower()}"

    def text(self, text: str) -> str:
        """`text` without anyone's name."""
        if text not in self._known:
            changed = _FOLDER.sub(rf"\1/{SOMEBODY}", text)
            changed = _NAME.sub(lambda found: SOMEBODY if found[0].casefold() in self._ids else found[0], changed)
            changed = _WORD.sub(lambda found: SOMEBODY if found[0].casefold() in self._words else found[0], changed)
            self._known[text] = changed
        return self._known[text]

    def report(self, report: Report) -> Report:
        """`report` under its student's pseudonym, without the path and the digest of what they handed in: both could be looked up."""
        execution: Execution = dataclasses.replace(
            report.execution,
            errors=tuple(
                CellError(one.cell, self.text(one.type), self.text(one.message)) for one in report.execution.errors
            ),
        )
        return dataclasses.replace(
            report,
            notebook=f"{report.assignment}.ipynb",
            student=self.of(report.student),
            tasks=tuple(self._task(task) for task in report.tasks),
            execution=execution,
            repairs=tuple(map(self.text, report.repairs)),
            flags=tuple(map(self.text, report.flags)),
            reason=self.text(report.reason),
            fingerprint=Fingerprint("", report.fingerprint.checks, report.fingerprint.environment),
        )

    def _task(self, task: TaskScore) -> TaskScore:
        return dataclasses.replace(task, checks=tuple(map(self._check, task.checks)), note=self.text(task.note))

    def _check(self, check: CheckResult) -> CheckResult:
        return dataclasses.replace(check, message=self.text(check.message)) if check.message else check


def _means_nothing(name: str) -> bool:
    """Whether a name is so short a number that it would be found in every message, where it tells nobody anything."""
    return name.isdigit() and len(name) <= SHORTEST
