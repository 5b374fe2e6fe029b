"""What a worker may do, the names of what can hold, and the environment that student code sees."""

from __future__ import annotations

import functools
import mimetypes
import os
import sys
import sysconfig
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder import environment as settings
from autograder.errors import InfrastructureError
from autograder.model import LAYERS, Limits


class SandboxError(InfrastructureError):
    """A layer that the policy asks for cannot be had: nothing of a student may run."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one worker is given.

    work      an empty folder made by the trusted side: cwd, HOME and TMPDIR, the only writable place.  In namespaces it becomes
              a private tmpfs of `limits.disk_mb`, so that nothing is left in it afterwards.
    readable  files and folders that may be read besides the system's shared libraries; see `readable`.
    required  the layers without which `enter` raises SandboxError.
    """

    work: Path
    readable: tuple[Path, ...]
    limits: Limits
    required: tuple[str, ...]


def grade_of(layers: Iterable[str]) -> str:
    """The word for a result: "full" if all layers hold, "none" if nothing beyond limits does, else "partial"."""
    held = set(layers)
    if held >= set(LAYERS):
        return "full"
    return "partial" if held & {"files", "network", "signals"} else "none"


def readable(models: Iterable[str] = ()) -> tuple[Path, ...]:
    """What a worker may read whose assignment uses `models`: the interpreter, this package and those models' entries in the cache.  Others
    in there may be private."""
    hub = Path(_models()[1])
    entries = (hub / f"models--{name.replace('/', '--')}" for name in models)
    return (*interpreter(), Path(__file__).parents[1], *(entry for entry in entries if entry.exists()))


@functools.cache
def interpreter() -> tuple[Path, ...]:
    """What imports need: this interpreter's own file, its standard library with its time zones, and its packages.

    Of an installation in /usr or /usr/local only that: much else lies there.  Folders on sys.path that are not part of the installation (a course repository, installed in place) are left out."""
    paths = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {Path(sys.executable), Path(sys.executable).resolve()}
    for prefix in {sys.prefix, sys.base_prefix, sys.base_exec_prefix} - {"/usr", "/usr/local"}:
        paths |= {Path(prefix, folder) for folder in ("lib", "lib64", "pyvenv.cfg")}
    paths |= {Path(path) for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}}
    paths |= set(map(Path, zoneinfo.TZPATH))
    return tuple(sorted(path for path in paths if path.exists()))


# Shared libraries that imports load late, time zones, fonts, and small public files that libraries open without asking whether they may.
SYSTEM: tuple[str, ...] = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/usr/share/locale",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/os-release",
    "/etc/ssl/openssl.cnf",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    *map(str, mimetypes.knownfiles),
)
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")
# Of /proc, where no private one can be mounted: nothing that tells of another process.
PROC = ("cpuinfo", "meminfo", "stat", "uptime", "version", "filesystems", "self")

# What the fork server keeps of the environment that it was started with; everything else, every secret included, is gone.  A worker sees
# no more of it than the first line, and the folders of the models.
LOCALE = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
KEPT = (*LOCALE, "HOME", "TMPDIR", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
NO_PROGRAMS = {"JOBLIB_MULTIPROCESSING": "0", "TORCH_COMPILE_DISABLE": "1"}
"""What would start programs does the work itself: joblib its workers', torch.compile the compiler's."""
_QUIET = ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS", "TRANSFORMERS_VERBOSITY")


def _models() -> tuple[str, str]:
    """HF_HOME and HF_HUB_CACHE as huggingface_hub finds them."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{caches}/huggingface"
    hub = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or f"{home}/hub"
    return str(Path(home).expanduser()), str(Path(hub).expanduser())


def environment(policy: Policy) -> dict[str, str]:
    """The whole environment of a worker.  Caches that libraries write lie in `policy.work`, the models stay where they are."""
    work = str(policy.work)
    home, hub = _models()
    kept = {name: os.environ[name] for name in (*LOCALE, *_QUIET) if name in os.environ}
    threads = {name: os.environ.get(name, value) for name, value in settings.THREADS.items()}
    return {
        "LANG": "C.UTF-8",
        **kept,
        **threads,
        "OPENBLAS_NUM_THREADS": threads["OMP_NUM_THREADS"],
        "PATH": "/usr/bin:/bin",
        "HOME": work,
        "PWD": work,
        "TMPDIR": work,
        "XDG_CACHE_HOME": f"{work}/.cache",
        "XDG_CONFIG_HOME": f"{work}/.config",
        "MPLCONFIGDIR": f"{work}/.matplotlib",
        "HF_HOME": home,
        "HF_HUB_CACHE": hub,
        "HF_DATASETS_CACHE": f"{work}/.cache/datasets",
        "HF_MODULES_CACHE": f"{work}/.cache/modules",
        # There is no list of users in there: what asks who it is (torch's compiler does) asks these first.
        "USER": "student",
        "LOGNAME": "student",
        "PYTHONDONTWRITEBYTECODE": "1",
        **NO_PROGRAMS,
    }
