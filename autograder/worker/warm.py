"""`from_pretrained` of a course model answers with the object that was loaded before the first fork."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograder.errors import InfrastructureError
from autograder.worker import builders, objects

_PLAIN_OPTIONS = {"dtype", "torch_dtype", "subfolder", "use_fast", "local_files_only"}
_originals: dict[tuple[str, str], Any] = {}


def imports(modules: Iterable[str]) -> None:
    """Imports what the released notebook imports, so that no worker has to; what is not installed here is left to the notebook."""
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            continue


def warm(names: tuple[str, ...]) -> None:
    """Loads the course models in `names` and makes the calls that load them in a notebook return them."""
    for name in names:
        try:
            _load(name, set(names))
        except OSError as error:
            raise InfrastructureError(f"{name} is not in the Hugging Face cache.", "Run: autograder models") from error


def _load(name: str, names: set[str]) -> None:
    from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer

    if name.startswith("hf-inside/") and _is_diffusion(name):
        from autograder.worker import builders_diffusion

        builders_diffusion.warm()
        return
    answer(AutoTokenizer, _specs("course-tokenizer", names))
    objects.build({"kind": "course-tokenizer", "name": name})
    made_for = " ".join(getattr(AutoConfig.from_pretrained(name), "architectures", None) or ())
    if "ForCausalLM" in made_for or "LMHead" in made_for:
        answer(AutoModelForCausalLM, _specs("course-model", names))
        objects.build({"kind": "course-model", "name": name})
        _tiny_models()
    elif "ForSequenceClassification" in made_for:
        objects.build({"kind": "course-classifier", "name": name})
        _answer_pipeline(names)
    elif made_for:
        answer(AutoModel, _specs("course-encoder", names))
        objects.build({"kind": "course-encoder", "name": name})


def _tiny_models() -> None:
    """The libraries import and set up much when the first model of a kind is built and run."""
    tokenizer = objects.build({"kind": "tiny-tokenizer"})
    for arch in ("gpt2", "llama"):
        builders.tiny_causal_lm(0, arch, "float32")(**tokenizer("warm", return_tensors="pt"))


def _is_diffusion(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(name, "model_index.json"), str)


def _specs(kind: str, names: set[str]) -> dict[str, dict[str, Any]]:
    return {name: {"kind": kind, "name": name} for name in names}


def answer(loader: Any, specs: Mapping[str, dict[str, Any]], subfolder: str | None = None) -> None:
    """`loader.from_pretrained` of a name in `specs` returns what was built of its specification, unless another form of it is asked for."""
    cold = _originals.setdefault((loader.__name__, "from_pretrained"), loader.from_pretrained)

    @functools.wraps(cold)
    def from_pretrained(name: Any, *args: Any, **options: Any) -> Any:
        plain = isinstance(name, str) and not args and options.get("subfolder") == subfolder and _as_released(options)
        spec = specs.get(name) if plain else None
        return (objects.known(spec) if spec else None) or cold(name, *args, **options)

    loader.from_pretrained = staticmethod(from_pretrained)


def _as_released(options: dict[str, Any]) -> bool:
    """Whether a model asked for with `options` is the one that was loaded: in float32, and with nothing special."""
    dtype = options.get("dtype", options.get("torch_dtype", "float32"))
    return str(dtype).removeprefix("torch.") in {"float32", "auto", "None"} and set(options) <= _PLAIN_OPTIONS


def _answer_pipeline(names: set[str]) -> None:
    import transformers
    from transformers import pipelines

    cold: Callable[..., Any] = _originals.setdefault(("pipelines", "pipeline"), pipelines.pipeline)

    @functools.wraps(cold)
    def pipeline(task: Any = None, model: Any = None, *args: Any, **options: Any) -> Any:
        here = not options or (set(options) == {"device"} and options["device"] in (None, -1, "cpu"))
        plain = task in {"sentiment-analysis", "text-classification", None} and not args and here
        if plain and isinstance(model, str) and model in names:
            return objects.known({"kind": "course-classifier", "name": model}) or cold(task, model)
        return cold(task, model, *args, **options)

    for module in (transformers, pipelines):
        setattr(module, "pipeline", pipeline)  # noqa: B010 - mypy
