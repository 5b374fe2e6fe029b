"""The objects that both sides build for themselves from plain data: tiny models in memory, and the course's own from the cache."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from autograder.worker import builders_diffusion, builders_words

VOCABULARY = 384
END_OF_TEXT = "<|endoftext|>"


def tiny_causal_lm(seed: int, arch: str, dtype: str) -> Any:
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


def tiny_tokenizer() -> Any:
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


# ── the course's models: what `from_pretrained` gives ─────────────────────────────────────────────


def course_model(name: str) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32).eval()


def course_tokenizer(name: str) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(name)


def course_encoder(name: str) -> Any:
    import torch
    from transformers import AutoModel

    return AutoModel.from_pretrained(name, dtype=torch.float32).eval()


def course_classifier(name: str) -> Any:
    import transformers

    pipeline: Any = transformers.pipeline  # its type is a list of all tasks
    return pipeline("sentiment-analysis", model=name)


BUILDERS: dict[str, Callable[..., Any]] = {
    "tiny-causal-lm": tiny_causal_lm,
    "tiny-tokenizer": tiny_tokenizer,
    "course-model": course_model,
    "course-tokenizer": course_tokenizer,
    "course-encoder": course_encoder,
    "course-classifier": course_classifier,
    **builders_diffusion.BUILDERS,
    "mapping": builders_words.mapping,
    "course-vocabulary": builders_words.course_vocabulary,
    "tiny-wordpiece": builders_words.tiny_wordpiece,
}
"""Kind → what builds it; the other entries of a specification are its arguments."""
