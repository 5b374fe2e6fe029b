"""Objects that never cross the wire: both sides build them from the same plain specification.

A suite passes a real model or tokenizer to the student's function; on the wire it is `Reference(spec)`, and the worker answers with
its own equal object.  `builders` says how each kind is made; files and generators are made here.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.wire import Opaque, Reference, rebuilt, specs
from autograder.worker.builders import BUILDERS

_built: dict[str, Any] = {}
_specs: dict[int, dict[str, Any]] = {}


class File(str):
    """The path of a file that both sides have; `spec` holds its name and content."""

    __slots__ = ("spec",)
    spec: dict[str, Any]


class Remote:
    """A callable that is answered on the other side of the wire, whatever there is called `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spec = {"kind": "remote", "name": name}


# ── building and naming ───────────────────────────────────────────────────────────────────────────


def build(spec: dict[str, Any]) -> Any:
    """The object that `spec` describes; the same object for the same spec, except for generators, which advance.

    Raises ValueError for an unknown kind."""
    if spec.get("kind") == "generator":
        return _generator(spec)
    key = _key(spec)
    if key not in _built:
        kind = spec.get("kind")
        if kind == "file":
            _built[key] = _file(spec)
        elif kind in BUILDERS:
            _built[key] = BUILDERS[kind](**{name: value for name, value in spec.items() if name != "kind"})
        else:
            raise ValueError(f"unknown kind of object: {kind!r}")
        _specs[id(_built[key])] = spec
    return _built[key]


def refer(value: Any) -> dict[str, Any] | None:
    """The specification of an object that `build` can make again, or of one that stands for something on the other side; else None."""
    spec = _specs.get(id(value))
    if spec is not None:
        return spec
    if is_generator(value):
        return generator_spec(value)
    spec = getattr(value, "spec", None) if isinstance(value, (File, Remote)) else None
    return spec if isinstance(spec, dict) else None


specs.name_by(refer)


def is_built(value: Any) -> bool:
    """Whether `build` made this object; it then lives as long as the process."""
    return id(value) in _specs


def known(spec: dict[str, Any]) -> Any:
    """The object of a specification if it has been built, else None."""
    return _built.get(_key(spec))


def forget(spec: dict[str, Any]) -> None:
    """Drops a built object, so that the next `build` makes a fresh one (the old one was changed by somebody)."""
    made = _built.pop(_key(spec), None)
    _specs.pop(id(made), None)  # which another object may be given


def resolve(value: Any, remote: Callable[[str], Any] | None = None) -> Any:
    """`value` with the references in it replaced by their objects; `remote(name)` gives what stands for one on the other side."""
    if isinstance(value, Reference):
        if value.spec.get("kind") == "remote" and remote is not None:
            return remote(value.spec["name"])
        return build(value.spec)
    return rebuilt(value, lambda item: resolve(item, remote))


def resolve_known(value: Any) -> Any:
    """As `resolve`, for what an untrusted process sent: only generators, and objects that this process has built before."""
    if isinstance(value, Reference):
        if value.spec.get("kind") == "generator":
            try:
                return _generator(value.spec)
            except (KeyError, TypeError, ValueError, RuntimeError):
                return Opaque("torch.Generator in a broken state")
        made = known(value.spec)
        return Opaque("object that this task did not pass in") if made is None else made
    return rebuilt(value, resolve_known)


def _key(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, default=repr)


# ── generators ────────────────────────────────────────────────────────────────────────────────────


def generator_spec(value: Any) -> dict[str, Any]:
    """A torch.Generator: by its seed while it is fresh, by its state once it has advanced."""
    import torch

    seed, state = value.initial_seed(), value.get_state()
    fresh = torch.Generator().manual_seed(seed).get_state()
    if torch.equal(state, fresh):
        return {"kind": "generator", "seed": seed}
    return {"kind": "generator", "state": state}


def _generator(spec: dict[str, Any]) -> Any:
    import torch

    generator = torch.Generator()
    if "state" in spec:
        generator.set_state(spec["state"])
    else:
        generator.manual_seed(spec["seed"])
    return generator


def is_generator(value: Any) -> bool:
    """Whether `value` is a torch.Generator."""
    return type(value).__name__ == "Generator" and type(value).__module__.startswith("torch")


def generators(value: Any) -> list[Any]:
    """The torch.Generators among arguments, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, deque)):
        return [found for item in value for found in generators(item)]
    return [value] if is_generator(value) else []


# ── files ─────────────────────────────────────────────────────────────────────────────────────────

_folder: list[Path] = []


def _file(spec: dict[str, Any]) -> File:
    if not _folder:
        _folder.append(Path(tempfile.mkdtemp(prefix="files-")))
        atexit.register(shutil.rmtree, _folder[0], ignore_errors=True)
    content = str(spec["content"]).encode()
    place = _folder[0] / hashlib.sha256(content).hexdigest()[:12]
    place.mkdir(exist_ok=True)
    path = place / Path(str(spec["name"])).name
    path.write_bytes(content)
    file = File(path)
    file.spec = spec
    return file


# ── has an argument been changed? ─────────────────────────────────────────────────────────────────


def digest(value: Any) -> str:
    """A fingerprint of a model's weights, a tokenizer's settings or a file's content; empty for what has none.

    Of a model of more than a million weights only modes and dtypes are looked at: reading them takes longer than most answers."""
    import torch

    if isinstance(value, File):
        return hashlib.sha256(Path(value).read_bytes()).hexdigest() if Path(value).is_file() else "gone"
    if hasattr(value, "convert_ids_to_tokens"):
        sides = value.padding_side, value.truncation_side, value.model_max_length
        return repr((sides, len(value), value.special_tokens_map))
    if not isinstance(value, torch.nn.Module):
        return ""
    modes = f"{value.training} {[one.requires_grad for one in value.parameters()]}"
    state = value.state_dict()
    if sum(tensor.numel() for tensor in state.values()) > 1_000_000:
        return f"{modes} {sorted({str(tensor.dtype) for tensor in state.values()})}"
    total = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(state.items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        total.update(
            tensor.detach().reshape(-1).clone(memory_format=torch.contiguous_format).view(torch.uint8).numpy().tobytes()
        )
    return f"{modes} {total.hexdigest()}"
