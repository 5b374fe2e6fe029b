"""A file is written whole or not at all; a temporary folder does not outlive its process for long; which files somebody wrote."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import InfrastructureError

SCRATCH = "autograder-scratch-"
LONGEST_NAME = 200  # of a file that is being written; the file system's own limit is 255 bytes


def write(path: Path, data: str | bytes, *, mode: int | None = None) -> Path:
    """Writes `data` (text in UTF-8) beside `path` and puts it in its place; makes the folders above it.

    Whoever reads `path` finds the old content or the new, also after a crash of this process.  `mode` is the file's, from its first byte
    on.  Raises InfrastructureError where it can't be written."""
    fresh = path.with_name(f".{path.name[:LONGEST_NAME]}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        fresh.replace(path)
    except OSError as error:
        raise InfrastructureError(
            f"{path} cannot be written: {error.strerror}.",
            "Is there space, and may you write there?  Then run it again.",
        ) from error
    finally:  # also after a Ctrl-C
        with contextlib.suppress(OSError):
            fresh.unlink()
    return path


def plain(path: Path, most: int) -> bytes | None:
    """The first `most` bytes of a file that anybody may have put there; None where there is none, it cannot be read, or it is no regular
    file.  No link is followed, nothing waits for a FIFO or a device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def below(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below `folder` that somebody wrote, sorted, each with its path from there; hidden ones and Python's caches, which tools
    leave, are not among them."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            yield inside.as_posix(), path


def sweep(folder: Path) -> None:
    """Removes from `folder` what `write` left there in processes that were killed."""
    for path in folder.glob(".*"):
        number = path.suffix[1:]
        if number.isdecimal() and path.is_file() and not _runs(int(number)):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        return True
    return True


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder that others may pass through but not list.  What killed processes left of theirs goes first.

    Who uses a folder holds a lock on it, which the kernel lets go with the process."""
    sweep_scratch()
    folder, lock = _locked_folder()
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        remove(folder)
        os.close(lock)


@contextmanager
def private_scratch() -> Iterator[Path]:
    """Inside the block all temporary files of this process are made in a scratch folder of its own, which is removed at the end."""
    before, environ = tempfile.tempdir, os.environ.get("TMPDIR")
    with scratch() as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = before
            os.environ.pop("TMPDIR")
            if environ is not None:
                os.environ["TMPDIR"] = environ


def _locked_folder() -> tuple[Path, int]:
    import fcntl

    while True:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():  # nobody took it for left over in between
            return folder, lock
        os.close(lock)


def sweep_scratch() -> None:
    """Removes the temporary folders of processes that were killed."""
    import fcntl

    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # another user's, or gone by now
            continue
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def remove(folder: Path) -> None:
    """Removes a folder that student code may have written to (where there are no namespaces): it may be deeper than Python's stack."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
