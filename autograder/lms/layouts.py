"""What the names in each system's archive say: whose file it is, which attempt, when it came, whether it was late."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from autograder.errors import UsageError
from autograder.lms import tables
from autograder.lms.archive import Archive, Member, Unfit
from autograder.lms.roster import Person
from autograder.notebook import timestamp

METADATA = "submission_metadata.yml"
METADATA_MB = 64


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file of one person (of each of a group).  `number` grows with every attempt in the same system; 0 where there is none.

    `time` is None where the system does not tell; `late` is what it says itself."""

    person: Person
    filename: str
    member: Member
    folders: tuple[str, ...] = ()
    number: int = 0
    time: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """What an archive holds, and the members whose names say nothing."""

    files: tuple[Arrived, ...]
    foreign: tuple[str, ...] = ()


# ── Canvas: one flat folder ───────────────────────────────────────────────────────────────────────

# The name holds no underscore in Canvas, the file's name may: the first pair of numbers is the system's.
_CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_CANVAS_NO_FILE = re.compile(r".+?_\d+_(?:text|link|media|question_\d+)\b.*", re.DOTALL)
# What Canvas adds to a file's name when it is handed in again: softmax-1.ipynb, and in old archives softmax.ipynb-1.
_AGAIN = re.compile(r"-\d+(?=\.[A-Za-z]\w*$)|(?<=\w)-\d+$")


def canvas(archive: Archive, _known: Collection[str]) -> Laid:
    files, foreign = [], []
    for member in archive.members:
        found = _CANVAS.fullmatch(member.parts[-1])
        if not found:
            foreign.append(member.path)
            continue
        user = found["user"]
        files.append(
            Arrived(
                Person(found["name"], numbers={"canvas_id": user}, tag=user),
                _AGAIN.sub("", found["file"]),
                member,
                number=int(found["attachment"][:18]),
                late=found["late"] is not None,
            )
        )
    return Laid(tuple(files), tuple(name for name in foreign if not _CANVAS_NO_FILE.fullmatch(name)))


# ── Moodle: a folder for each participant ─────────────────────────────────────────────────────────

# "Participant 4711", in the language of the site.
PARTICIPANT = re.compile(r"^\D*|\D*$")
# Since 4.1 without the underscore at the end; without folders the file's name follows it.  Moodle writes no underscore into a name, and a
# student writes what he likes into a file's: the first number is Moodle's.
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.+)?)?", re.DOTALL
)


def moodle(archive: Archive, _known: Collection[str]) -> Laid:
    """The number in a folder's name is the participant's in this one assignment: it serves to tell namesakes apart, and the worksheet."""
    files, foreign = [], []
    for member in archive.members:
        match = ((at, found) for at, part in enumerate(member.parts) if (found := _MOODLE.fullmatch(part)))
        at, found = next(match, (0, None))
        if found is None:
            foreign.append(member.path)
            continue
        if found["kind"] == "onlinetext":
            continue
        rest = (*((found["file"],) if found["file"] else ()), *member.parts[at + 1 :])
        if rest:
            files.append(Arrived(Person(found["name"], tag=found["id"]), rest[-1], member, rest[:-1]))
    return Laid(tuple(files), tuple(foreign))


def told_apart(laid: Laid) -> Laid:
    """Leaves Moodle's numbers to namesakes only: everybody else keeps one id over all assignments."""
    tags: dict[str, set[str]] = {}
    for file in laid.files:
        tags.setdefault(file.person.name, set()).add(file.person.tag)
    plain = [
        file if len(tags[file.person.name]) > 1 else replace(file, person=replace(file.person, tag=""))
        for file in laid.files
    ]
    return replace(laid, files=tuple(plain))


def with_worksheet(laid: Laid, worksheet: tables.Table, zone: tzinfo | None) -> Laid:
    """`laid` with what Moodle's grading worksheet knows of the participants: whole name, e-mail, ID number, and when the work came.

    Its times are without a zone: they are used only if one is given."""
    known = {PARTICIPANT.sub("", row.get("Identifier", "")): row for row in worksheet.records()}
    files = []
    for file in laid.files:
        row = known.get(file.person.tag)
        if row is None:
            files.append(file)
            continue
        number = row.get("ID number", "").strip()
        person = replace(
            file.person,
            name=row.get("Full name", "").strip() or file.person.name,
            email=row.get("Email address", "").strip(),
            numbers={"moodle_id": number} if number else {},
        )
        said = row.get("Last modified (submission)", "").strip(" -")
        time = timestamp.parse(said, zone) if zone is not None and said else None
        files.append(replace(file, person=person, time=time))
    return replace(laid, files=tuple(files))


# ── Gradescope: a folder for each submission, and one file that says whose ────────────────────────

_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")


def gradescope(archive: Archive, _known: Collection[str]) -> Laid:
    """Raises UsageError where submission_metadata.yml is missing or says nothing: without it nobody knows whose files they are."""
    written = [member for member in archive.members if member.parts[-1] == METADATA]
    if not written:
        raise UsageError(f"There is no {METADATA} in it.", "Export the submissions in Gradescope (Export Submissions).")
    told = _metadata(min(written, key=lambda member: len(member.parts)))
    files, foreign = [], []
    for member in archive.members:
        at = next((at for at, part in enumerate(member.parts[:-1]) if _GRADESCOPE.fullmatch(part)), None)
        record = told.get(member.parts[at]) if at is not None else None
        if at is None or not isinstance(record, dict):
            foreign += [member.path] if member not in written else []
            continue
        number = int(member.parts[at].removeprefix("submission_")[:18])
        created = _time(_field(record, "created_at"))
        for person in _submitters(record):
            folders = member.parts[at + 1 : -1]
            files.append(Arrived(person, member.parts[-1], member, folders, number=number, time=created))
    return Laid(tuple(files), tuple(foreign))


def _metadata(member: Member) -> dict[str, Any]:
    import yaml  # type: ignore[import-untyped]

    class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Ruby's objects as plain mappings, lists and texts; nothing is made of them."""

    def construct(loader: Any, _suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else node.value

    Plain.add_multi_constructor("!", construct)
    Plain.add_multi_constructor("tag:", construct)
    try:
        found = yaml.load(member.read(METADATA_MB * 1024**2), Loader=Plain)  # noqa: S506 - a loader of plain data only
    except (yaml.YAMLError, Unfit, ValueError, RecursionError, TypeError) as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(f"{METADATA} cannot be read: {said}.", "Export the submissions again.") from error
    if not isinstance(found, dict):
        raise UsageError(f"{METADATA} is empty.", "Export the submissions again.")
    return {str(key).lstrip(":"): value for key, value in found.items()}


def _submitters(record: dict[Any, Any]) -> Iterator[Person]:
    listed = _field(record, "submitters")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            name, email, sid, number = (str(_field(one, key) or "") for key in ("name", "email", "sid", "id"))
            numbers = {"sis_id": sid, "gradescope_id": number}
            yield Person(name, email, {key: value for key, value in numbers.items() if value}, sid or number)


def _field(record: dict[Any, Any], name: str) -> Any:
    """Ruby writes its symbols as `:name`."""
    return record.get(f":{name}", record.get(name))


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return timestamp.parse(value) if isinstance(value, str) else None


# ── a folder for each student ─────────────────────────────────────────────────────────────────────


def folder(archive: Archive, known: Collection[str]) -> Laid:
    """`<student>/…/x.ipynb`, also below one folder that holds all; `timestamp.txt` beside a notebook tells when it came.

    Where every folder is `<assignment>-<name>`, as GitHub Classroom clones repositories, the name is one of GitHub's, and all that is in
    it is the student's: a timestamp.txt there is nobody's evidence."""
    depth = _shared(archive, known)
    first = {member.parts[depth] for member in archive.members if len(member.parts) > depth + 1}
    classroom = next((name for name in known if first and all(part.startswith(f"{name}-") for part in first)), None)
    times: dict[tuple[str, ...], datetime | None] = {}
    for member in archive.members:
        if member.parts[-1] == timestamp.NAME and classroom is None:
            try:
                times[member.parts[:-1]] = timestamp.stated(member.read(1000).decode("utf-8", "replace"))
            except Unfit:
                times[member.parts[:-1]] = None
    files, foreign = [], []
    for member in archive.members:
        inside = member.parts[depth:]
        if len(inside) < 2:
            foreign.append(member.path)
        elif inside[-1] != timestamp.NAME:
            person, folders = _of_folder(inside, classroom)
            files.append(Arrived(person, inside[-1], member, folders, time=times.get(member.parts[:-1])))
    return Laid(tuple(files), tuple(foreign))


def _of_folder(inside: tuple[str, ...], classroom: str | None) -> tuple[Person, tuple[str, ...]]:
    """Whose file it is, and the folders that may name its assignment."""
    name = inside[0]
    if classroom is None:
        return Person(name, name if "@" in name else ""), inside[1:-1]
    user = name.removeprefix(f"{classroom}-")  # who opens an account calls it as he likes: it is no name
    return Person(numbers={"github_id": user}, tag=user), (*inside[1:-1], classroom)


def _shared(archive: Archive, known: Collection[str]) -> int:
    """1 where one folder holds the folders of all students, else 0."""
    first = {member.parts[0] for member in archive.members}
    deep = [member.parts for member in archive.members if len(member.parts) > 2]
    if len(first) != 1 or len(deep) < len(archive.members) or any(parts[1] in known for parts in deep):
        return 0
    (name,) = first
    return 1 if name in {archive.stem, "submitted", "submissions"} or len({parts[1] for parts in deep}) > 1 else 0


LAYOUTS: dict[str, Callable[[Archive, Collection[str]], Laid]] = {
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "folder": folder,
}
