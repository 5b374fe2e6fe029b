"""What an archive or a folder holds, read without trust: regular files only, bounded in number and size, nothing outside of it."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.errors import InfrastructureError, UsageError

MAX_MEMBERS = 50_000
MAX_LISTED = 1_000_000  # before anybody's are left out
# Of everything that is read from one archive, unpacked: a class of a thousand with large notebooks is well below.
MAX_TOTAL = 8 * 1024**3
MAX_NAME = 1000
# Of folders inside each other, and of the files in one person's folder: nobody is kept waiting for another one's.
MAX_DEPTH = 30
MAX_OF_ONE = 5_000
# What every system and desktop writes.  Others unpack through libraries that take gigabytes for a few bytes.
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)
# What editors and systems leave behind: hidden files and folders, and those with a name of their own.
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX|__pycache__|Thumbs\.db|desktop\.ini|\.(?!\.?(?:/|$))[^/]*)(?:/|$)")
_DRIVE = re.compile(r"^[A-Za-z]:")


class Unfit(Exception):
    """Why a member is not taken, in one clause."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.  `parts` are the parts of its path.  `read(limit)` returns its bytes, or raises Unfit where it is longer."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes]

    @property
    def path(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Archive:
    """`stem` is the name without its ending; `refused` are members that cannot be taken, and why."""

    stem: str
    members: tuple[Member, ...]
    refused: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive (a zip) or folder at `path`.  Raises UsageError where it is neither."""
    if path.is_dir():
        yield _of_folder(path)
        return
    if not path.is_file():
        raise UsageError(
            f"There is no file or folder {path}.", "Name the archive as it was downloaded, with its folder."
        )
    try:
        file = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise UsageError(f"{path} is not a zip archive, or it is damaged: {error}.", "Download it again.") from error
    except OSError as error:
        raise InfrastructureError(f"{path} cannot be read: {error.strerror or error}.", "May you read it?") from error
    with file:
        yield _of_zip(path, file)


class _Budget:
    """What may still be read: a zip of a few MB can unpack to petabytes."""

    def __init__(self) -> None:
        self.left = MAX_TOTAL

    def take(self, file: IO[bytes], limit: int) -> bytes:
        data = file.read(min(limit, self.left) + 1)
        if len(data) > limit:
            raise Unfit(f"is larger than {limit // 1024**2} MB")
        if len(data) > self.left:
            raise Unfit(f"is too much: more than {MAX_TOTAL // 1024**3} GB are in the archive")
        self.left -= len(data)
        return data


# ── zip ───────────────────────────────────────────────────────────────────────────────────────────


def _of_zip(path: Path, file: zipfile.ZipFile) -> Archive:
    members: list[Member] = []
    refused: list[str] = []
    budget = _Budget()
    infos = {
        info.filename: info for info in file.infolist() if not info.is_dir()
    }  # of equal names the last, as unzip does
    times = Counter(info.filename for info in file.infolist())
    for name, info in infos.items():
        if _JUNK.search(name.replace("\\", "/")):
            continue
        if times[name] > 1:
            refused.append(f"{_shown(name)} is there {times[name]} times: only the last one counts.")
        try:
            members.append(Member(_parts(info.filename), _reader(file, info, budget)))
        except Unfit as reason:
            refused.append(f"{_shown(info.filename)} {reason}.")
    return Archive(path.stem, _bounded(path, members, refused), tuple(refused))


def _bounded(path: Path, members: list[Member], refused: list[str]) -> tuple[Member, ...]:
    """The members without those of a folder that holds far too many.  Raises UsageError where the others are too many still."""
    if len(members) <= MAX_OF_ONE:
        kept = tuple(members)
    else:
        depth = 2 if len({member.parts[0] for member in members}) == 1 else 1
        crowds = Counter(member.parts[:depth] for member in members)
        full = {place for place, count in crowds.items() if count > MAX_OF_ONE}
        refused += [
            f"{_shown('/'.join(place))} holds more than {MAX_OF_ONE} files: none of them is taken." for place in full
        ]
        kept = tuple(member for member in members if member.parts[:depth] not in full)
    if len(kept) > MAX_MEMBERS:
        raise UsageError(f"{path} holds more than {MAX_MEMBERS} files.", "Collect it in parts.")
    return kept


def _reader(file: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Callable[[int], bytes]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Unfit("is a link or a device, not a file" if kind != stat.S_IFDIR else "is no file")
    if info.flag_bits & 0x1:
        raise Unfit("is encrypted: ask for it without a password")
    if info.compress_type not in _PACKINGS:
        raise Unfit("is packed in another way than zip's usual one: ask for it again")

    def read(limit: int) -> bytes:
        try:
            with file.open(info) as opened_member:
                return budget.take(opened_member, limit)
        except (*_DAMAGED, OSError) as error:
            raise Unfit(f"is damaged: {str(error) or type(error).__name__}") from error

    return read


def _parts(name: str) -> tuple[str, ...]:
    """The parts of a member's path; a backslash is what Windows' own zip writes for a slash."""
    flat = name.replace("\\", "/")
    parts = tuple(part for part in flat.split("/") if part not in {"", "."})
    if flat.startswith("/") or _DRIVE.match(flat) or ".." in parts or not parts:
        raise Unfit("leads out of the archive")
    if len(name) > MAX_NAME or any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        raise Unfit("has no fit name")
    if len(parts) > MAX_DEPTH:
        raise Unfit(f"lies in more than {MAX_DEPTH} folders")
    return parts


# ── a folder ──────────────────────────────────────────────────────────────────────────────────────


def _of_folder(root: Path) -> Archive:
    members: list[Member] = []
    refused: list[str] = []
    budget = _Budget()

    def unreadable(error: OSError) -> None:
        refused.append(f"{_shown(os.path.relpath(error.filename, root))} cannot be read: {error.strerror}.")

    for place, folders, names in os.walk(root, followlinks=False, onerror=unreadable):
        folders.sort()
        inside = Path(place).relative_to(root).as_posix()
        if inside.count("/") + 2 > MAX_DEPTH:
            refused.append(f"{_shown(inside)} is folder in folder, more than {MAX_DEPTH} deep.")
            folders.clear()
            continue
        for name in [*sorted(names), *(folder for folder in folders if Path(place, folder).is_symlink())]:
            shown = name if inside == "." else f"{inside}/{name}"
            if _JUNK.search(shown):
                continue
            if len(members) + len(refused) >= MAX_LISTED:
                raise UsageError(f"{root} holds more than {MAX_LISTED} files.", "Name the folder of the submissions.")
            try:
                if not stat.S_ISREG(Path(place, name).lstat().st_mode):
                    raise Unfit("is a link or a device, not a file")  # noqa: TRY301 - all that is unfit ends up here
                members.append(Member(_parts(shown), _file_reader(Path(place, name), budget)))
            except OSError as error:
                refused.append(f"{_shown(shown)} cannot be read: {error.strerror}.")
            except Unfit as reason:
                refused.append(f"{_shown(shown)} {reason}.")
    return Archive(root.resolve().name, _bounded(root, members, refused), tuple(refused))


def _file_reader(path: Path, budget: _Budget) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise Unfit("is a link or a device, not a file")
                return budget.take(file, limit)
        except OSError as error:
            raise Unfit(f"cannot be read: {error.strerror}") from error

    return read


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name[:200])
