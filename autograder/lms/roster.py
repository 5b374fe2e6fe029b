"""roster.csv: who is in the course, and under which names and numbers the systems know them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UsageError
from autograder.lms import tables
from autograder.submitted import is_name

NAME = "roster.csv"
NUMBERS = ("canvas_id", "moodle_id", "gradescope_id", "github_id", "sis_id")
COLUMNS = ("id", "name", "email", *NUMBERS)
SAFE = re.compile(r"[^\W_][\w.@+-]{0,79}")
MAX_ID, MAX_ID_BYTES = 60, 100


@dataclass(frozen=True, slots=True)
class Student:
    """A row.  `numbers` are the ids of other systems, by column; the empty ones are left out."""

    id: str
    name: str = ""
    email: str = ""
    numbers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a system names them.  `numbers` as in `Student`; `tag` is what tells two of the same name apart."""

    name: str = ""
    email: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    tag: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.name, self.email, self.tag

    def __str__(self) -> str:
        return " ".join(part for part in (self.name or self.email, f"({self.tag})" if self.tag else "") if part)


class Roster:
    """Finds the student that a system speaks of: by its number, by e-mail, then by the name if only one has it."""

    def __init__(self, students: Iterable[Student] = ()) -> None:
        self.students = {student.id: student for student in students}
        self._emails = {student.email.casefold(): student for student in self.students.values() if student.email}
        self._numbers = {
            (column, number): student
            for student in self.students.values()
            for column, number in student.numbers.items()
        }
        self._names: dict[str, list[Student]] = {}
        for student in self.students.values():
            for key in names_of(student.name):
                self._names.setdefault(key, []).append(student)

    def find_surely(self, person: Person) -> Student | None:
        """By a number or the e-mail address."""
        for pair in person.numbers.items():
            if found := self._numbers.get(pair):
                return found
        return self._emails.get(person.email.casefold()) if person.email else None

    def find_by_name(self, person: Person) -> Student | None:
        """The only one who is called so, unless another number says that it is somebody else."""
        alike = {student.id: student for key in names_of(person.name) for student in self._names.get(key, ())}
        fitting = [
            student
            for student in alike.values()
            if all(student.numbers.get(column, number) == number for column, number in person.numbers.items())
        ]
        return fitting[0] if len(fitting) == 1 else None


def load(path: Path, *, needed: bool = False) -> Roster:
    """The roster in `path`; an empty one where there is no file, unless it is `needed`.

    Raises UsageError where the file is no roster: no column `id`, an id twice, an id that can be no folder's name."""
    if not needed and not path.exists():
        return Roster()
    table = tables.read(path)
    if "id" not in table.header:
        raise UsageError(f"{path} has no column id.", f"Its columns are {', '.join(COLUMNS)}; only id must be there.")
    students: dict[str, Student] = {}
    taken: dict[tuple[str, str], str] = {}
    for number, row in enumerate(table.records(), start=2):
        known = row["id"].strip()
        if not known and not any(row.values()):
            continue
        if not (SAFE.fullmatch(known) and is_name(known)):
            raise UsageError(
                f"{path}, line {number}: {known!r} cannot be an id.", "Letters, digits and . _ - @ + are fine."
            )
        if known in students:
            raise UsageError(
                f"{path}, line {number}: the id {known} is there twice.", "Give each person a line and an id."
            )
        numbers = {column: value for column in NUMBERS if (value := row.get(column, "").strip())}
        for pair in numbers.items():
            if pair in taken:
                raise UsageError(
                    f"{path}, line {number}: {' '.join(pair)} is {taken[pair]}'s already.", "Mend one of the two lines."
                )
            taken[pair] = known
        students[known] = Student(known, row.get("name", "").strip(), row.get("email", "").strip(), numbers)
    return Roster(students.values())


def identify(people: Iterable[Person], roster: Roster, *, own_names: bool = False) -> dict[tuple[str, str, str], str]:
    """Everybody's id (by `Person.key`): that of the roster, else a safe one that nobody else has.

    Where a name alone would make two people one, neither is taken for the student of that name, and neither has the id that both would
    get.  `own_names`: a name that can be an id is one."""
    known = {person.key: person for person in people}
    ids: dict[tuple[str, str, str], str] = {}
    by_name: dict[str, list[tuple[str, str, str]]] = {}
    for key, person in known.items():
        if own_names and person.name in roster.students:
            ids[key] = person.name
        elif found := roster.find_surely(person):
            ids[key] = found.id
        elif found := roster.find_by_name(person):
            by_name.setdefault(found.id, []).append(key)
    sure = set(ids.values())
    ids |= {keys[0]: name for name, keys in by_name.items() if len(keys) == 1 and name not in sure}
    made = {
        key: person.name if own_names and SAFE.fullmatch(person.name) and is_name(person.name) else safe_id(person)
        for key, person in sorted(known.items())
        if key not in ids
    }
    times = Counter(made.values())
    for key, name in made.items():
        alone = times[name] == 1 and name not in roster.students
        ids[key] = name if alone else f"{name}-{hashlib.sha256(repr(key).encode()).hexdigest()[:6]}"
    return ids


def safe_id(person: Person) -> str:
    """An id for somebody who is not on the roster, made of name and number: the same on every run, and a fit folder name."""
    words = re.sub(r"[^\w]+|_+", "-", unicodedata.normalize("NFKC", person.name or person.email)).strip("-")
    tag = re.sub(r"\W+|_+", "-", person.tag).strip("-")
    made = "-".join(part for part in (words[: MAX_ID - len(tag)].strip("-").casefold(), tag[:40]) if part)
    return made.encode()[:MAX_ID_BYTES].decode("utf-8", "ignore") or "unknown"


def names_of(name: str) -> tuple[str, ...]:
    """The forms in which systems write a name, without case, marks and spaces: as it stands, and last name first."""
    first, comma, last = name.partition(",")
    words = f"{last} {first}".split() if comma else name.split()
    if not words:
        return ()
    turned = [*words[-1:], *words[:-1]]
    return tuple(dict.fromkeys(key for form in (words, turned) if (key := _key("".join(form)))))


def _key(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
