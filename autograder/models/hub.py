"""The hub's own files, for those who ask for them with AUTOGRADER_ONLINE=1."""

from __future__ import annotations

import os

from autograder import environment
from autograder.errors import InfrastructureError
from autograder.models.cache import find, forget_ours
from autograder.models.registry import Installed, ModelSpec

_SMALL = ("*.json", "*.txt", "*.jinja", "*.model")
_WEIGHTS = ("*.safetensors",)


def is_wanted() -> bool:
    return os.environ.get(environment.ONLINE_SWITCH) == "1"


def download(spec: ModelSpec) -> Installed:
    """The model from the hub, in place of what we made of it.  An interrupted download goes on where it stopped.

    Of a model in the registry only what the course uses is fetched: no weights for a tokenizer, no second format of the same weights.
    Raises InfrastructureError."""
    from huggingface_hub import constants, snapshot_download

    if constants.HF_HUB_OFFLINE:
        raise InfrastructureError(
            f"{environment.ONLINE_SWITCH}=1 asks for the hub, and HF_HUB_OFFLINE forbids it.", "Unset one of them."
        )
    wanted = [*_SMALL, *(spec.needs or _WEIGHTS)]
    try:
        snapshot_download(spec.name, allow_patterns=wanted)
    except Exception as error:  # some twenty types, of three packages
        raise _fault(spec, next(iter(str(error).strip().splitlines()), type(error).__name__)) from error
    found = find(spec)
    if found is None or found.made_here:  # its client is content with what the cache holds if the hub does not answer
        raise _fault(spec, "it does not answer, or lacks files")
    forget_ours(spec.name)
    return found


def _fault(spec: ModelSpec, reason: str) -> InfrastructureError:
    return InfrastructureError(
        f"{spec.name} cannot be had from the hub: {reason.rstrip('.')}.",
        f"Without {environment.ONLINE_SWITCH}=1 the course's models come from packages.",
    )
