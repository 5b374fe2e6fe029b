"""An archive of a learning management system → submitted/<student>/<assignment>/, in nbgrader's layout.

Beside the notebook stand timestamp.txt, where the time is known, and .history/ with every version that ever came and a log of them.
The newest version is the one that is graded; collecting the same archive again changes nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder import files
from autograder.errors import InfrastructureError
from autograder.lms.archive import Archive, Unfit
from autograder.lms.layouts import Arrived, Laid
from autograder.lms.roster import Person, Roster, identify
from autograder.model import Course
from autograder.notebook import timestamp

HISTORY, LOG = ".history", "log.json"
# What the reader of notebooks refuses as too large is still taken, so that its owner is told; far beyond that nothing is.
OVER_LIMIT = 4
MAX_LOG = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Version:
    """One file that came: a line of the log.  `time` is in ISO 8601, or empty."""

    source: str
    number: int
    time: str
    late: bool
    name: str
    digest: str

    def check(self) -> None:
        """Raises ValueError where a field holds something else."""
        texts = (self.source, self.time, self.name, self.digest)
        if not (all(isinstance(one, str) for one in texts) and type(self.number) is int and type(self.late) is bool):
            raise ValueError("a version is not what it should be")
        if not re.fullmatch(r"[0-9a-f]{64}", self.digest):
            raise ValueError("a version has no digest")
        if self.time and datetime.fromisoformat(self.time).tzinfo is None:
            raise ValueError("a time has no zone")

    def newer_than(self, other: Version) -> bool:
        """By the time, where both have one; by the system's own numbers, where they are of the same; else what is collected later."""
        if self.time and other.time and self.time != other.time:
            return datetime.fromisoformat(self.time) > datetime.fromisoformat(other.time)
        if self.source == other.source and self.number != other.number:
            return self.number > other.number
        return True


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one student's work.  `change` is new, replaced, kept or unchanged; `versions` are all that ever came."""

    student: str
    assignment: str
    change: str
    person: str = ""
    listed: bool = False
    versions: int = 0
    time: str = ""
    late: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All of one run.  `problems` are sentences about files that were not taken; `unlisted` are the people who are not on the roster."""

    collected: tuple[Collected, ...]
    problems: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def collect(
    course: Course,
    archive: Archive,
    laid: Laid,
    *,
    source: str,
    assignment: str | None,
    roster: Roster,
    on_done: Callable[[Arrived], object] = lambda _: None,
) -> Summary:
    """Takes what `laid` says into submitted/.  `assignment` is the one that all files belong to; None finds it in their names.
    `on_done` hears of each file that has been dealt with.

    Raises InfrastructureError where submitted/ cannot be written; what was taken before is whole."""
    problems = [*archive.refused, *(f"{name}: whose file is it?  Its name does not say." for name in laid.foreign)]
    ids = identify((file.person for file in laid.files), roster, own_names=source == "folder")
    groups: dict[tuple[str, str], list[Arrived]] = {}
    people: dict[str, Person] = {}
    for file in laid.files:
        target = assignment or _assignment_of(course, archive, file)
        if target is None:
            on_done(file)
        if target is None and source == "folder" and not _is_notebook(file):
            continue  # a folder may hold anything; elsewhere it was handed in
        if target is None:
            problems.append(f"{file.member.path}: which assignment is it?  Say it with --assignment.")
            continue
        name = ids[file.person.key]
        people[name] = file.person
        groups.setdefault((name, target), []).append(file)
    collected = []
    for (name, target), versions in sorted(groups.items()):
        owners = sorted({file.person.key: str(file.person) or name for file in versions}.values())
        if len(owners) > 1:
            listed_owners = " and ".join(owners)
            problems.append(
                f"{name} in {target}: this is the work of {listed_owners}.  Whose is it?  None of it was taken."
            )
            done = None
        else:
            done, said = _take(course, name, target, versions, source=source)
            problems += said
        if done is not None:
            listed = name in roster.students
            collected.append(dataclasses.replace(done, person=str(people[name]), listed=listed))
        for file in versions:
            on_done(file)
    unlisted = [f"{person} → {name}" for name, person in sorted(people.items()) if name not in roster.students]
    return Summary(tuple(collected), tuple(problems), tuple(unlisted))


def _assignment_of(course: Course, archive: Archive, file: Arrived) -> str | None:
    known = sorted((assignment.name for assignment in course.assignments), key=len, reverse=True)
    for text in (*file.folders, file.filename, archive.stem):
        for name in known:
            if re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z])", text.casefold()):
                return name
    return None


# ── one student's work ────────────────────────────────────────────────────────────────────────────


def _take(
    course: Course, student: str, assignment: str, arrived: list[Arrived], *, source: str
) -> tuple[Collected | None, list[str]]:
    home = course.root / "submitted" / student / assignment
    notebook = home / f"{assignment}.ipynb"
    limit = OVER_LIMIT * course.limits.notebook_mb * 1024**2
    try:
        _look(home, notebook)
        log = _log(home)
        found = None if log else _found_there(home, notebook, limit)
    except Unfit as reason:
        return None, [f"submitted/{student}/{assignment}{reason}"]
    before = list(log)
    problems = []
    fresh: list[Version] = []
    contents: dict[str, bytes] = {}
    wanted, others = _the_notebooks(arrived, assignment, source)
    for file in wanted:
        try:
            data = file.member.read(limit)
        except Unfit as reason:
            problems.append(f"{file.member.path} {reason}.")
            continue
        time = file.time.isoformat() if file.time else ""
        version = Version(
            source, file.number, time, file.late, file.member.path[-300:], hashlib.sha256(data).hexdigest()
        )
        if not any(_same(version, known) for known in (*log, *fresh)):
            files.write(_kept(home, version), data)
            fresh.append(version)
            contents[version.digest] = data
    if found and fresh:
        version, data = found  # put there by hand, or by nbgrader: it stays in the history
        files.write(_kept(home, version), data)
        log.append(version)
    log += fresh
    if not log:
        return None, problems
    newest = _newest(log)
    if fresh:
        if newest in fresh:
            _hand_over(home, notebook, newest, contents[newest.digest])
        text = json.dumps([dataclasses.asdict(version) for version in log], indent=1, ensure_ascii=False)
        files.write(home / HISTORY / LOG, text)
    change = "unchanged" if not fresh else "kept" if newest not in fresh else "replaced" if before else "new"
    notes = [f"{len(others)} other {'file' if len(others) == 1 else 'files'} left out"] if others else []
    if not _is_notebook(wanted[-1]):
        notes.append(f"no notebook: {wanted[-1].filename[:60]}")
    if newest.late and not newest.time:
        notes.append("when is not known")
    return (
        Collected(
            student,
            assignment,
            change,
            versions=len({version.digest for version in log}),
            time=newest.time,
            late=newest.late,
            note=", ".join(notes),
        ),
        problems,
    )


def _the_notebooks(arrived: list[Arrived], assignment: str, source: str) -> tuple[list[Arrived], list[Arrived]]:
    """The files that are attempts at the assignment, oldest first, and the rest.

    Every notebook in a Canvas archive is an attempt, of the same name if there is one; elsewhere there is one to an attempt."""
    ordered = sorted(
        arrived, key=lambda file: (file.time.timestamp() if file.time else 0.0, file.number, -len(file.folders))
    )
    if source == "canvas":
        chosen = _fitting(ordered, assignment)
    else:
        attempts: dict[int, list[Arrived]] = {}
        for file in ordered:
            attempts.setdefault(file.number, []).append(file)
        chosen = [_fitting(attempt, assignment)[-1] for attempt in attempts.values()]
    return chosen, [file for file in ordered if file not in chosen]


def _fitting(arrived: list[Arrived], assignment: str) -> list[Arrived]:
    """Of several files the notebooks, of several notebooks those with the assignment's name; without any notebook the last file, so
    that its owner hears what is wrong with it."""
    notebooks = [file for file in arrived if _is_notebook(file)]
    exact = [file for file in notebooks if file.filename.casefold() == f"{assignment}.ipynb"]
    named = [file for file in notebooks if assignment in file.filename.casefold()]
    return exact or named or notebooks or arrived[-1:]


def _is_notebook(file: Arrived) -> bool:
    return file.filename.casefold().endswith(".ipynb")


def _newest(log: Iterable[Version]) -> Version:
    first, *rest = log
    for version in rest:
        if version.newer_than(first):
            first = version
    return first


def _same(one: Version, other: Version) -> bool:
    return dataclasses.replace(one, name="", late=False) == dataclasses.replace(other, name="", late=False)


# ── on disk ───────────────────────────────────────────────────────────────────────────────────────


def _kept(home: Path, version: Version) -> Path:
    return home / HISTORY / f"{version.digest[:16]}.ipynb"


def _hand_over(home: Path, notebook: Path, version: Version, data: bytes) -> None:
    """Makes `version`, which is `data`, the one that is graded."""
    try:
        stamp = home / timestamp.NAME
        if version.time:
            files.write(stamp, timestamp.written(datetime.fromisoformat(version.time)) + "\n")
        else:
            stamp.unlink(missing_ok=True)
    except OSError as error:
        raise InfrastructureError(f"{home} cannot be used: {error.strerror}.", "May you write there?") from error
    files.write(notebook, data)


def _look(home: Path, notebook: Path) -> None:
    """Raises Unfit where something else lies in the place of a folder or file that is about to be written: a link above all."""
    for folder in (home.parent, home, home / HISTORY):
        if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
            shown = "" if folder != home / HISTORY else f"/{HISTORY}"
            raise Unfit(f"{shown} is a link or no folder: nothing was written through it.  Move it away.")
    for file in (notebook, home / timestamp.NAME, home / HISTORY / LOG):
        if file.is_dir() and not file.is_symlink():
            raise Unfit(f"/{file.name} is a folder: nothing was written.  Move it away.")


def _log(home: Path) -> list[Version]:
    """What has come so far.  Raises Unfit where the log, or a version that it names, is damaged: guessing could lose the newest one."""
    path = home / HISTORY / LOG
    if not os.path.lexists(path):
        return []
    data = files.plain(path, MAX_LOG)
    try:
        log = [Version(**entry) for entry in json.loads(data or b"")]
        for version in log:
            version.check()
    except (ValueError, TypeError, RecursionError) as error:
        raise Unfit(f"/{HISTORY}/{LOG} is damaged: {error}.  Move it away: the versions beside it stay.") from error
    return log


def _found_there(home: Path, notebook: Path, limit: int) -> tuple[Version, bytes] | None:
    """The notebook that lies there without a log; None where there is none."""
    data = files.plain(notebook, limit + 1)
    if data is None:
        return None
    if len(data) > limit:
        raise Unfit(f"/{notebook.name} is too large to be kept beside a newer version.  Move it away.")
    came = timestamp.handed_in_at(home)
    digest = hashlib.sha256(data).hexdigest()
    return Version("by hand", 0, came.isoformat() if came else "", False, notebook.name, digest), data
