"""Reads what was handed in.  The file is hostile: no link is followed, nothing is unbounded, nothing in it raises."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from pathlib import Path

from autograder import submitted
from autograder.model import Limits, Manifest, NotGradable, Role, Submission
from autograder.notebook import helpers
from autograder.notebook.cells import Found, cells_of, found
from autograder.notebook.foreign import broken, kind_of
from autograder.notebook.repair import Repaired, repair
from autograder.notebook.text import clean

MAX_CELLS = 2000
# Brackets are counted before parsing: 20 MB of "[[[],[],…" would become gigabytes of lists.
MAX_BRACKETS = 1_000_000
# Code is also looked at, as a syntax tree of hundreds of times its size.
MAX_CODE = 400_000
_SAVE = "Open it in Jupyter or Colab, save it, check that it opens again, and hand in the .ipynb file."


class _Unreadable(Exception):
    """The sentence for the student."""


def read(path: Path, manifest: Manifest, student: str, limits: Limits) -> Submission | NotGradable:
    """The submission in `path`, repaired against `manifest`; NotGradable, with one sentence, where there is none."""
    digest = ""
    try:
        data = _bytes_of(path, limits.notebook_mb, manifest.notebook)
        beside = helpers.beside(path)
        digest = _sha256(data, beside)
        cells, notes = _parse(data, manifest)
        repaired = repair(cells, manifest)
        _belongs(cells, repaired, manifest)
    except _Unreadable as reason:
        return NotGradable(path, manifest.assignment, student, str(reason), digest)
    files, left_out = _helpers(beside, [cell.source for cell in cells if cell.is_code])
    return Submission(
        path=path,
        assignment=manifest.assignment,
        student=student,
        digest=digest,
        cells=repaired.cells,
        repairs=(*notes, *left_out, *repaired.repairs),
        flags=repaired.flags,
        files=files,
    )


def _helpers(beside: list[helpers.File], code: list[str]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The helper files that the code asks for, and a sentence for each that is too large: it is looked at like the cells."""
    kept, notes = [], []
    room = MAX_CODE - sum(map(len, code))
    for name, text in helpers.used(beside, code):
        if len(text) > room:
            notes.append(
                f"{name[:100]} was left out: notebook and helper files hold more than {MAX_CODE:,} characters of code."
            )
            continue
        room -= len(text)
        kept.append((name, text))
    return tuple(kept), notes


def digest(path: Path, limits: Limits) -> str:
    """The digest that `read` gives what is in `path`, without looking into it; empty where it cannot be read at all."""
    try:
        return _sha256(_bytes_of(path, limits.notebook_mb, ""), helpers.beside(path))
    except _Unreadable:
        return ""


def _sha256(data: bytes, beside: list[helpers.File]) -> str:
    """Of a notebook, and of the helper files beside it where there are some."""
    total = hashlib.sha256(data)
    for name, content in beside:
        total.update(f"\0{name}\0{hashlib.sha256(content).hexdigest()}".encode())
    return f"sha256:{total.hexdigest()}"


def _bytes_of(path: Path, megabytes: int, name: str) -> bytes:
    """The bytes of a regular file.  O_NONBLOCK: opening a FIFO must not wait for a writer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        code = getattr(error, "errno", None)
        if code == errno.ENOENT:
            raise _missing(path, name) from None
        if code == errno.ELOOP:
            what = "folder" if path.is_dir() else "file"
            raise _Unreadable(f"This is a link to another {what}: hand in {name} itself.") from None
        if code in (errno.ENXIO, errno.ENODEV):
            raise _Unreadable(f"This is not an ordinary file: hand in {name}.") from None
        raise _Unreadable(f"The file could not be opened: hand in {name} again.") from None
    cap = megabytes * 1024 * 1024
    try:
        kind = os.fstat(descriptor)
        if stat.S_ISDIR(kind.st_mode):
            raise _Unreadable(f"This is a folder, not a notebook: hand in the file {name}.")
        if not stat.S_ISREG(kind.st_mode):
            raise _Unreadable(f"This is not an ordinary file: hand in {name}.")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(cap + 1) if kind.st_size <= cap else b""
    except OSError:
        raise _Unreadable(f"The file could not be read: hand in {name} again.") from None
    finally:
        os.close(descriptor)
    if kind.st_size > cap or len(data) > cap:
        raise _Unreadable(
            f"The file is larger than {megabytes} MB: clear the outputs (Kernel, Restart and Clear Outputs), save, "
            "and hand it in again."
        )
    return data


def missing(path: Path, name: str) -> str:
    """What lies where the notebook `path` is missing, in the sentence for its student, who is to hand in `name`."""
    return str(_missing(path, name))


def _missing(path: Path, name: str) -> _Unreadable:
    if there := submitted.notebooks(path.parent):
        shown = ", ".join(clean(other.name)[:40] for other in there[:3])
        if len(there) == 1:
            return _Unreadable(f"There is {shown}, and no {clean(path.name)[:40]}: hand in {name}.")
        return _Unreadable(
            f"There are {len(there)} notebooks ({shown}) and none is called {name}: hand in one, as {name}."
        )
    if deeper := submitted.deeper(path.parent):
        shown = clean(deeper[0].relative_to(path.parent).as_posix())[:80]
        return _Unreadable(f"The notebook lies one folder deeper ({shown}): hand in the file itself, as {name}.")
    return _Unreadable(f"There is no file: hand in {name}.")


def _parse(data: bytes, manifest: Manifest) -> tuple[list[Found], list[str]]:
    """The cells of a notebook file, and what had to be mended to read them."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise _Unreadable(f"The file is empty. {_SAVE}")
    if kind := kind_of(data):
        raise _Unreadable(f"This is {kind}, not a notebook: hand in {manifest.notebook}.")
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise _Unreadable("The file has far more parts than a notebook: clear the outputs, save, and hand it in again.")
    notes: list[str] = []
    encoding = json.detect_encoding(data)
    text = data.decode(encoding, errors="replace")
    if encoding.startswith(("utf-16", "utf-32")):
        notes.append("The file was saved in another encoding than UTF-8.")
    elif "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        notes.append("The file held bytes that are not UTF-8; they were replaced.")
    try:
        # strict=False: raw line breaks and tabs inside strings, as some editors leave them.
        nb = json.loads(text, strict=False)
    except RecursionError:
        raise _Unreadable(f"The file is nested more deeply than any notebook. {_SAVE}") from None
    except ValueError:
        raise _Unreadable(f"The file cannot be read: {broken(text)}. {_SAVE}") from None
    raw = cells_of(nb)
    if raw is None:
        raise _Unreadable(f"The file is JSON but not a Jupyter notebook: hand in {manifest.notebook}.")
    if not raw:
        raise _Unreadable(f"The notebook has no cells: hand in {manifest.notebook} with your answers.")
    if len(raw) > MAX_CELLS:
        raise _Unreadable(f"The notebook has {len(raw)} cells, more than {MAX_CELLS}: hand in {manifest.notebook}.")
    cells = [cell for cell in map(found, raw) if cell is not None]
    if sum(len(cell.source) for cell in cells if cell.is_code) > MAX_CODE:
        raise _Unreadable(
            f"The notebook holds more than {MAX_CODE:,} characters of code: keep data in files, and hand in {manifest.notebook}."
        )
    if len(cells) < len(raw):
        notes.append(f"{len(raw) - len(cells)} entries of the notebook were no cells and were left out.")
    return cells, notes


def _belongs(cells: list[Found], repaired: Repaired, manifest: Manifest) -> None:
    """Refuses the notebook of another assignment, told by its content: file names are often changed."""
    own = {cell.grade_id for cell in manifest.cells if cell.role is Role.ANSWER}
    ids = dict.fromkeys(cell.grade_id for cell in cells if cell.grade_id)
    released = {cell.grade_id for cell in manifest.cells}
    foreign = [name for name in ids if name not in released]
    if foreign and not own & set(ids) and 2 * len(repaired.answered) <= len(manifest.tasks):
        shown = ", ".join(name[:40] for name in foreign[:3])
        raise _Unreadable(
            f"This looks like the notebook of another assignment (it has {shown}): hand in {manifest.notebook}."
        )
    if not repaired.recognised:
        raise _Unreadable(
            f"Nothing in this notebook belongs to the assignment {manifest.assignment}: hand in {manifest.notebook}."
        )
