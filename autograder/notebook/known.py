"""What is known without the course: the release beside a notebook, and those in the installed checker.

The published checker carries the manifests of what was published with it, so a notebook on Colab or in a folder of downloads
can be checked too.  What lies beside the notebook goes first: it is what the student works on.  A manifest holds tests, which `check` runs
outside the sandbox, so no other folder's is asked: it may be one that somebody was given.  The checker also carries the
course's limits, so that a student is told of the time that the grader will give."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.errors import AuthoringError
from autograder.model import Limits, Manifest
from autograder.notebook.announced import ANNOUNCED, Announced, load
from autograder.notebook.manifest import load_manifest

MANIFEST = "manifest.json"
PACKAGED = Path(__file__).resolve().parent.parent / "released"
"""One `<assignment>.json` for each published assignment; in the instructors' repository there is no such folder."""
TOLD = "announced"
"""The folder in there that holds what each of them announces, under the same names."""
LIMITS = PACKAGED.parent / "limits.json"
"""The fields of `model.Limits`, beside them."""


def known(folder: Path, packaged: Path = PACKAGED) -> dict[str, tuple[Manifest, Path | None]]:
    """The releases that a notebook in `folder` may belong to, by assignment, nearest first, each with its folder; None for those
    that are known only from the installed checker.  A manifest that cannot be read is passed over."""
    return _loaded([folder / MANIFEST, *sorted(packaged.glob("*.json"))])


def around(folder: Path) -> list[Manifest]:
    """The releases in the folders around `folder` too, for what they say of models.  Their tests are not to be run."""
    nearby = [
        path
        for near in (folder, folder.absolute().parent)
        for path in (near / MANIFEST, *sorted(near.glob(f"*/{MANIFEST}")))
    ]
    return [manifest for manifest, _ in _loaded([*nearby, *sorted(PACKAGED.glob("*.json"))]).values()]


def _loaded(paths: list[Path]) -> dict[str, tuple[Manifest, Path | None]]:
    found: dict[str, tuple[Manifest, Path | None]] = {}
    for path in filter(Path.is_file, paths):
        try:
            manifest = load_manifest(path)
        except AuthoringError:
            continue
        found.setdefault(manifest.assignment, (manifest, path.parent if path.name == MANIFEST else None))
    return found


def announced(assignment: str, folder: Path | None, packaged: Path = PACKAGED) -> dict[str, Announced]:
    """Task id → what the release in `folder` announces, or, with None, the installed checker; empty where nothing is known."""
    return load(folder / ANNOUNCED if folder is not None else packaged / TOLD / f"{assignment}.json")


def limits(packaged: Path = LIMITS) -> Limits:
    """What the course of the installed checker lets a submission use; the defaults where no course has published it."""
    return Limits(**json.loads(packaged.read_text(encoding="utf-8"))) if packaged.exists() else Limits()
