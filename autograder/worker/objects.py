"""Objects that never cross the wire: both sides build them from the same plain specification.

A suite passes a real model or tokenizer to the student's function; on the wire it is `Reference(spec)`, and the worker answers with
its own equal object.  Course models are loaded once, before the first fork, and are what `from_pretrained` returns.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any

VOCABULARY = 384
END_OF_TEXT = "<|endoftext|>"
_built: dict[str, Any] = {}
_specs: dict[int, dict[str, Any]] = {}


def build(spec: dict[str, Any]) -> Any:
    """The object that `spec` describes; the same object for the same spec.  Raises ValueError for an unknown kind."""
    key = json.dumps(spec, sort_keys=True)
    if key not in _built:
        kind = spec.get("kind")
        if kind not in _BUILDERS:
            raise ValueError(f"unknown kind of object: {kind!r}")
        _built[key] = _BUILDERS[kind](**{name: value for name, value in spec.items() if name != "kind"})
        _specs[id(_built[key])] = spec
    return _built[key]


def refer(value: Any) -> dict[str, Any] | None:
    """The specification of an object that `build` made, else None."""
    return _specs.get(id(value))


def forget(spec: dict[str, Any]) -> None:
    """Drops a built object, so that the next `build` makes a fresh one (the old one was changed by somebody)."""
    _built.pop(json.dumps(spec, sort_keys=True), None)


def digest(value: Any) -> str:
    """A fingerprint of a model's parameters and dtypes; empty for what has none or is too large to look through."""
    import torch

    if not isinstance(value, torch.nn.Module):
        return ""
    state = value.state_dict()
    if sum(tensor.numel() for tensor in state.values()) > 1_000_000:
        return ",".join(sorted({str(tensor.dtype) for tensor in state.values()}))
    total = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(state.items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        total.update(tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return total.hexdigest()


# ── builders ──────────────────────────────────────────────────────────────────────────────────────


def _tiny_causal_lm(seed: int, arch: str, dtype: str) -> Any:
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if arch == "gpt2":
            model: Any = GPT2LMHeadModel(
                GPT2Config(
                    vocab_size=VOCABULARY, n_embd=16, n_layer=2, n_head=2, n_positions=256,
                    initializer_range=0.5, bos_token_id=0, eos_token_id=0,
                )
            )  # fmt: skip
        else:
            model = LlamaForCausalLM(
                LlamaConfig(
                    vocab_size=VOCABULARY, hidden_size=16, intermediate_size=32, num_hidden_layers=2,
                    num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=256,
                    initializer_range=0.5, bos_token_id=0, eos_token_id=0, pad_token_id=0,
                )
            )  # fmt: skip
    return model.to(getattr(torch, dtype)).eval()


def _tiny_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {END_OF_TEXT: 0, **{letter: index + 1 for index, letter in enumerate(alphabet)}}
    merges = []
    for left, right in itertools.product(("Ġ", "t", "h", "s", "o"), "abcdefghijklmnopqrstuvwxyz"):
        if len(vocabulary) < VOCABULARY and left + right not in vocabulary:
            vocabulary[left + right] = len(vocabulary)
            merges.append((left, right))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=END_OF_TEXT, bos_token=END_OF_TEXT, pad_token=END_OF_TEXT,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip


def _course_model(name: str) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return _original(AutoModelForCausalLM)(name, dtype=torch.float32).eval()


def _course_tokenizer(name: str) -> Any:
    from transformers import AutoTokenizer

    return _original(AutoTokenizer)(name)


_BUILDERS: dict[str, Callable[..., Any]] = {
    "tiny-causal-lm": _tiny_causal_lm,
    "tiny-tokenizer": _tiny_tokenizer,
    "course-model": _course_model,
    "course-tokenizer": _course_tokenizer,
}


# ── from_pretrained answers with the warm object ──────────────────────────────────────────────────

_originals: dict[str, Any] = {}


def _original(auto_class: Any) -> Any:
    return _originals.get(auto_class.__name__, auto_class.from_pretrained)


def warm(names: tuple[str, ...]) -> None:
    """Loads the course models' tokenizers and causal language models and makes `from_pretrained` return them."""
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    for auto_class, kind in ((AutoModelForCausalLM, "course-model"), (AutoTokenizer, "course-tokenizer")):
        if auto_class.__name__ not in _originals:
            _originals[auto_class.__name__] = auto_class.from_pretrained
            setattr(auto_class, "from_pretrained", _answering_warm(auto_class, kind, set(names)))  # noqa: B010 - mypy
    for name in names:
        build({"kind": "course-tokenizer", "name": name})
        if getattr(AutoConfig.from_pretrained(name), "architectures", None):
            build({"kind": "course-model", "name": name})


def _answering_warm(auto_class: Any, kind: str, names: set[str]) -> Any:
    cold = _originals[auto_class.__name__]

    def from_pretrained(name: Any, *args: Any, **options: Any) -> Any:
        dtype = options.get("dtype", options.get("torch_dtype", "float32"))
        known = str(dtype).removeprefix("torch.") in {"float32", "auto"} and set(options) <= {"dtype", "torch_dtype"}
        if isinstance(name, str) and name in names and not args and known:
            return build({"kind": kind, "name": name})
        return cold(name, *args, **options)

    return staticmethod(from_pretrained)
