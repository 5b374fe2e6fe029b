"""Objects that both sides build from a specification, in words that tell a student how to get the same one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Refer = Callable[[Any], dict[str, Any] | None]

_NOTEBOOK_NAMES = {
    "course-model": "model", "course-encoder": "model", "course-tokenizer": "tokenizer", "course-classifier": "classifier",
    "course-vocabulary": "tokenizer.get_vocab()", "digits-unet": "model", "digits-scheduler": "scheduler",
    "tiny-stable-diffusion": "pipe", "stable-diffusion": "pipe",
}  # fmt: skip
"""What a notebook calls the course's own objects."""
_TINY = {
    "tiny-tokenizer": "tiny tokenizer", "tiny-wordpiece": "tiny WordPiece tokenizer", "tiny-unet": "tiny UNet",
    "random-stable-diffusion": "tiny Stable Diffusion pipeline",
}  # fmt: skip
LINES_OF_A_FILE = 4
_known_by: list[Refer] = []


def name_by(refer: Refer) -> None:
    """From now on an object for which `refer` gives a specification is described by it."""
    if refer not in _known_by:
        _known_by.append(refer)


def spec_of(value: Any) -> dict[str, Any] | None:
    """The specification of an object that both sides build, else None."""
    for refer in _known_by:
        spec = refer(value)
        if spec is not None:
            return spec
    return None


def described(spec: dict[str, Any], show: Callable[[Any], str]) -> str:
    """The object of `spec` in words; `show` shows plain values."""
    kind = str(spec.get("kind", "object"))
    if kind in _NOTEBOOK_NAMES:
        return _NOTEBOOK_NAMES[kind]
    if kind == "remote":
        return str(spec.get("name", "function"))
    if kind == "file":
        return _file(spec, show)
    if kind == "generator":
        return (
            f"torch.Generator().manual_seed({spec['seed']})"
            if "seed" in spec
            else "a torch.Generator that was used before"
        )
    if kind == "mapping":
        return show(spec.get("entries", {}))
    if kind == "ddim-scheduler":
        return f"DDIMScheduler({', '.join(f'{name}={show(value)}' for name, value in spec.items() if name != 'kind')})"
    what = (
        f"tiny {spec.get('arch', 'language')} model"
        if kind == "tiny-causal-lm"
        else _TINY.get(kind, kind.replace("-", " "))
    )
    dtype = spec.get("dtype", "float32")
    precision = "" if dtype == "float32" else f" in {dtype}"
    return f"a {what}{precision}" + (f" (seed {spec['seed']})" if "seed" in spec else "")


def recipe(value: Any) -> str:
    """A line of Python that makes an object which a notebook does not have, such as a tiny model; empty for anything else."""
    spec = spec_of(value)
    kind = spec.get("kind") if spec else None
    if spec is None or kind in {"generator", "file", "remote", "mapping", *_NOTEBOOK_NAMES}:
        return ""
    settings = "".join(f", {name}={setting!r}" for name, setting in spec.items() if name != "kind")
    return f"from autograder.checks import built; built({kind!r}{settings})"


def _file(spec: dict[str, Any], show: Callable[[Any], str]) -> str:
    content = str(spec.get("content", ""))
    lines = content[:2000].splitlines(keepends=True)
    first = "".join(lines[:LINES_OF_A_FILE])
    held = f"which holds {show(content)}" if len(first) == len(content) else f"which begins {show(first)}"
    return f"{str(spec.get('name', 'file'))!r} (a file {held if content else 'that is empty'})"


def what(spec: dict[str, Any]) -> str:
    """The kind of thing that `spec` makes, with its article."""
    kind = str(spec.get("kind", "object"))
    if kind == "file":
        return "the path of a file"
    if kind in {"remote", "generator", "mapping"}:
        return {"remote": "a function", "generator": "a torch.Generator", "mapping": "a dictionary"}[kind]
    for word in ("tokenizer", "classifier", "scheduler", "vocabulary", "pipeline"):
        if word in kind:
            return f"a {word}"
    return "a pipeline" if "stable-diffusion" in kind else "a tokenizer" if "wordpiece" in kind else "a model"
