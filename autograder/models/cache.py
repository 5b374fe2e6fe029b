"""The Hugging Face cache: where an entry lies, whether it is whole, and the record beside the files that we made."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from autograder.models.registry import Installed, ModelSpec, spec_of

RECORD = "made-from-a-package.json"
"""In a snapshot that we made: the package, and size and sha256 of each file."""


def root() -> Path:
    """The folder of all entries: HF_HUB_CACHE, else hub/ in HF_HOME."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def entry(name: str) -> Path:
    """The folder of a model's entry."""
    return root() / f"models--{name.replace('/', '--')}"


def workshop(name: str) -> Path:
    """Where an entry is made: on the cache's own filesystem, and where the hub's tools look for no models."""
    return root() / ".locks" / entry(name).name / "autograder"


def status(name: str) -> Installed | None:
    """The model's entry if it is whole, ours or the hub's.  Quick: compares sizes, not hashes."""
    return find(spec_of(name))


def find(spec: ModelSpec) -> Installed | None:
    """As `status`."""
    folder = entry(spec.name)
    try:
        revision = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    snapshot = folder / "snapshots" / revision
    if (snapshot / RECORD).exists():
        origin = f"{spec.note} (from {spec.source})"
        return Installed(spec.name, snapshot, origin, made_here=True) if is_whole(spec, snapshot) else None
    if revision and snapshot.is_dir() and all((snapshot / file).is_file() for file in spec.needs):
        return Installed(spec.name, snapshot, "the hub's own files", made_here=False)
    return None


def is_whole(spec: ModelSpec, snapshot: Path) -> bool:
    """Whether a snapshot was made by us, with today's recipe, and has all its files in their sizes."""
    files = _recorded(snapshot)
    return (
        snapshot.name == spec.revision
        and bool(files)
        and all(
            (snapshot / file).is_file() and (snapshot / file).stat().st_size == facts["size"]
            for file, facts in files.items()
        )
    )


def damaged(snapshot: Path) -> list[str]:
    """The files of a snapshot of ours that are not what was written.  Reads all of them."""
    return [
        file
        for file, facts in _recorded(snapshot).items()
        if not (snapshot / file).is_file() or sha256(snapshot / file) != facts["sha256"]
    ]


def write_record(spec: ModelSpec, snapshot: Path) -> None:
    """Notes what is in a snapshot, and makes it readable for whoever may read the cache."""
    files = sorted(path for path in snapshot.rglob("*") if path.is_file())
    facts = {
        path.relative_to(snapshot).as_posix(): {"size": path.stat().st_size, "sha256": sha256(path)} for path in files
    }
    record = {"package": spec.source, "sha256": spec.sha256, "recipe": spec.recipe, "files": facts}
    (snapshot / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
    for path in (*files, snapshot / RECORD):
        path.chmod(0o644)


def ours(spec: ModelSpec) -> Path:
    """Where the snapshot that we make of a model lies, or will lie."""
    return entry(spec.name) / "snapshots" / spec.revision


def place(fresh: Path, spec: ModelSpec) -> None:
    """Moves a new snapshot of ours to its place by renaming, which nothing can see half done."""
    snapshot = ours(spec)
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    if snapshot.exists():
        snapshot.rename(fresh.with_name("replaced"))
    fresh.rename(snapshot)


def use_ours(spec: ModelSpec) -> Installed:
    """Makes our snapshot the one that `from_pretrained` finds.  Older ones of ours go; the hub's stay."""
    main = entry(spec.name) / "refs" / "main"
    main.parent.mkdir(exist_ok=True)
    pointer = workshop(spec.name) / "main"
    pointer.write_text(spec.revision, encoding="utf-8")
    pointer.replace(main)
    forget_ours(spec.name, but=spec.revision)
    installed = find(spec)
    assert installed is not None
    return installed


def forget_ours(name: str, *, but: str = "") -> None:
    """Removes the snapshots that we made, except the one called `but`."""
    for record in entry(name).glob(f"snapshots/*/{RECORD}"):
        if record.parent.name != but:
            shutil.rmtree(record.parent, ignore_errors=True)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _recorded(snapshot: Path) -> dict[str, dict[str, Any]]:
    """The record's files; empty where there is no record that can be read."""
    try:
        files = json.loads((snapshot / RECORD).read_text(encoding="utf-8"))["files"]
        return {file: {"size": facts["size"], "sha256": facts["sha256"]} for file, facts in files.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
