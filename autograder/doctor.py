"""What `autograder doctor` knows: what is missing on this machine, what that costs, and the command that mends it.

Everything is asked without importing torch, except where there is a GPU to ask it about; a broken part is a finding, not an exception."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from autograder import draws, environment, models
from autograder.model import Course, Limits
from autograder.notebook.known import around

_ROOM_MB = 2000
"""Free space that a class of a hundred with its pages fits into with ease."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact.  `ok` is None for what is missing and not needed; `remedy` is empty where there is nothing to mend."""

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""


def examine(course: Course | None) -> list[Finding]:
    """All findings, in the order in which things are needed.  Without a course: what a student's machine needs.

    Call it before torch is imported: the sandbox is tried in forked processes."""
    grading = course is not None
    install = "make setup" if grading else "pip install -c requirements.lock ."
    findings = [_python(install), _packages("packages", install), *_sandbox(course, install)]
    findings += [*_models(course, install), _hub(), _gpu(install)]
    if course is not None:
        findings += [_packages("packages, grading", install, extra="grade")]
        findings += [_space("disk, course", course.root), _seeds(course)]
    findings += [_program(name, needed=grading) for name in ("git", "make")]
    return [*findings, *(_optional() if grading else ())]


# ── Python and packages ───────────────────────────────────────────────────────────────────────────


def _python(install: str) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python",
        sys.version_info >= (3, 11),
        f"{version} ({sys.executable})",
        "" if sys.version_info >= (3, 11) else f"Install Python 3.11 or newer, then: {install}",
    )


def _packages(name: str, remedy: str, *, extra: str = "") -> Finding:
    """The requirements that this package itself declares (for `extra`, those that it adds), against what is installed."""
    from packaging.requirements import Requirement

    try:
        declared = [Requirement(text) for text in metadata.requires("autograder") or ()]
    except metadata.PackageNotFoundError:
        return Finding(name, False, "autograder itself is not installed here", remedy)

    def applies(one: Requirement, to: str) -> bool:
        return one.marker is None or one.marker.evaluate({"extra": to})

    wanted = [one for one in declared if applies(one, extra) and not (extra and applies(one, ""))]
    lacking = [lack for one in wanted if (lack := _lack(one.name, str(one.specifier)))]
    if lacking:
        return Finding(name, False, "; ".join(lacking), remedy)
    torch = "" if extra else f", torch {metadata.version('torch')}, transformers {metadata.version('transformers')}"
    return Finding(name, True, f"all {len(wanted)}{torch}")


def _lack(package: str, specifier: str) -> str:
    from packaging.specifiers import SpecifierSet

    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        return f"{package} is missing"
    return (
        ""
        if SpecifierSet(specifier, prereleases=True).contains(version)
        else f"{package} is {version}, not {specifier}"
    )


# ── the sandbox ───────────────────────────────────────────────────────────────────────────────────


def _sandbox(course: Course | None, install: str) -> list[Finding]:
    """A finding for each layer.  Required are those that the course names; a student's own notebook may run without."""
    try:
        from autograder import sandbox

        layers = sandbox.available()
        required = course.required_layers if course else ()
        if not any(layers[name] for name in required):
            sandbox.require(required, course.limits if course else Limits())
    except Exception as error:
        return [Finding("sandbox", False if course else None, f"{type(error).__name__}: {error}", install)]
    return [_layer(name, why, required=name in required) for name, why in layers.items()]


def _layer(name: str, why: str, *, required: bool) -> Finding:
    if not why:
        return Finding(f"sandbox, {name}", True, "holds")
    if required:
        remedy = "Run it on Linux 5.13 or newer where it may make user namespaces, or as root; else change required_layers in course_config.py"
        return Finding(f"sandbox, {name}", False, f"{why}: nothing is graded without it", remedy)
    return Finding(f"sandbox, {name}", None, f"{why}; the course does not require it")


# ── models, hub, devices ──────────────────────────────────────────────────────────────────────────


def _models(course: Course | None, install: str) -> list[Finding]:
    if course is not None:
        names = [name for one in course.assignments for name in one.models]
    else:
        names = [name for manifest in around(Path.cwd()) for name in manifest.models] or list(models.REGISTRY)
    findings = []
    for name in dict.fromkeys(names):
        try:
            installed = models.status(name)
        except ImportError as error:
            return [Finding("models", False, str(error), install)]
        if installed is None:
            findings.append(Finding(name, False, "not in the cache, or not whole", "autograder models"))
        else:
            findings.append(Finding(name, True, f"{installed.origin}, in {installed.path}"))
    return [*findings, _space("disk, models", models.root())]


def _hub() -> Finding:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        return Finding("hub", True, f"not asked (HF_HUB_OFFLINE); {environment.ONLINE_SWITCH}=1 allows it")
    return Finding("hub", True, "asked for what the cache lacks")


def _gpu(install: str) -> Finding:
    """torch is imported only where a driver says that there is something to find."""
    if not Path("/proc/driver/nvidia/version").exists() and not shutil.which("nvidia-smi"):
        return Finding("GPU", None, "none: what needs one is skipped, and leaves the denominator")
    try:
        import torch
    except ImportError as error:
        return Finding("GPU", False, f"there is a driver, and no torch to use it: {error}", install)
    if torch.cuda.is_available():
        return Finding("GPU", True, f"{torch.cuda.get_device_name(0)}, CUDA {torch.version.cuda}")
    return Finding(
        "GPU",
        None,
        f"there is a driver, and torch {torch.__version__} cannot use it",
        "Install the CUDA build of torch, if this machine's GPU is to be used",
    )


# ── disk, files, programs ─────────────────────────────────────────────────────────────────────────


def _space(name: str, folder: Path) -> Finding:
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free / 1e6
    detail = f"{free / 1000:.1f} GB free at {folder}"
    return Finding(name, free >= _ROOM_MB, detail, "" if free >= _ROOM_MB else f"Make {_ROOM_MB / 1000:.0f} GB free")


def _seeds(course: Course) -> Finding:
    path = draws.seeds_path(course)
    if path.exists():
        return Finding("secret seeds", True, f"{path}: keep it, a regrade needs it, and show it to nobody")
    return Finding("secret seeds", True, f"none yet; they are made on first use, in {path}")


def _program(name: str, *, needed: bool) -> Finding:
    path = shutil.which(name)
    if path:
        return Finding(name, True, path)
    return Finding(name, False if needed else None, "not found", f"apt install {name}" if needed else "")


def _optional() -> list[Finding]:
    """Parts of the system that pip cannot bring, each with what it is for."""
    seccomp = ctypes.util.find_library("seccomp")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    postgres = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))), shutil.which("postgres"))
    parts = (
        ("libseccomp2", seccomp, "the sandbox's filter of system calls"),
        ("chromium", chromium, "tests that look at pages as a browser shows them"),
        ("postgresql", postgres, "a gradebook that several machines share"),
    )
    return [
        Finding(name, True, str(found))
        if found
        else Finding(name, None, f"not found; for {use}", f"apt install {name}")
        for name, found, use in parts
    ]
