"""Settings that must stand in the environment before torch or transformers are imported."""

from __future__ import annotations

import functools
import os
from collections.abc import MutableMapping

THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
ONLINE_SWITCH = "AUTOGRADER_ONLINE"
_VERDICTS = (
    "autograder", "torch", "transformers", "tokenizers", "diffusers", "datasets", "numpy", "scipy", "pandas", "scikit-learn", "pillow",
    "ipython", "pytest", "hypothesis",
)  # fmt: skip


@functools.cache
def versions() -> dict[str, str]:
    """The versions that can change a verdict; "-" for what is not installed."""
    from importlib import metadata
    from platform import python_version

    found = {"python": python_version()}
    for name in _VERDICTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "-"
    return found


def prepare(environ: MutableMapping[str, str] = os.environ) -> None:
    """Single-threaded numerics (a process that will fork must have no other threads) and no waiting for a hub that may not
    be there: offline unless AUTOGRADER_ONLINE=1."""
    for name, value in THREADS.items():
        environ.setdefault(name, value)
    if environ.get(ONLINE_SWITCH) != "1":
        environ.setdefault("HF_HUB_OFFLINE", "1")
    environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    environ.setdefault("DIFFUSERS_VERBOSITY", "error")
