"""The functions of the assignment by other means than the notebook's: encodings put together by hand from pieces and ids, WordPiece and the
look-up from their libraries, the mean in float64."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from tokenizers import models

MARK = "\ue000"
"""Stands for the unknown piece inside the library's WordPiece, which wants it to be in the vocabulary."""


def token_strings(tokenizer: Any, text: str) -> list[str]:
    return [tokenizer.cls_token, *tokenizer.tokenize(text), tokenizer.sep_token]


def encode_batch(tokenizer: Any, sentences: list[str], max_length: int) -> dict[str, list[list[int]]]:
    rows = []
    for sentence in sentences:
        ids = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(sentence))
        rows.append(_padded(tokenizer, [*ids[: max_length - 2], tokenizer.sep_token_id], [], max_length))
    return {name: [row[name] for row in rows] for name in ("input_ids", "token_type_ids", "attention_mask")}


def encode_pair(tokenizer: Any, first: str, second: str, max_length: int) -> dict[str, list[int]]:
    left, right = (tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text)) for text in (first, second))
    left_size, right_size = _longest_first(len(left), len(right), int(max_length) - 3)
    end = tokenizer.sep_token_id
    return _padded(tokenizer, [*left[:left_size], end], [*right[:right_size], end], max_length)


def _longest_first(left: int, right: int, room: int) -> tuple[int, int]:
    """How many tokens of two texts stay: the shorter one is left alone as long as it fits into half of the room; an odd token over
    belongs to the longer one, to the second where they are equally long."""
    if left > right:
        return _longest_first(right, left, room)[::-1]
    short = min(left, room // 2) if left + right > room else left
    return short, min(right, room - short)


def _padded(tokenizer: Any, first: list[int], second: list[int], length: int) -> dict[str, list[int]]:
    ids = [tokenizer.cls_token_id, *first, *second]
    rest = length - len(ids)
    return {
        "input_ids": [*ids, *[tokenizer.pad_token_id] * rest],
        "token_type_ids": [*[0] * (1 + len(first)), *[1] * len(second), *[0] * rest],
        "attention_mask": [*[1] * len(ids), *[0] * rest],
    }


def real_lengths(attention_mask: list[list[int]]) -> list[int]:
    return [int(np.count_nonzero(row)) for row in attention_mask]


def wordpiece(word: str, vocab: Mapping[str, int], unknown: str = "[UNK]", max_chars: int = 100) -> list[str]:
    if not word:
        return []
    limit = int(max_chars)
    if len(word) > limit:
        return [unknown]
    parts = {word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1)}
    known = [piece for part in parts for piece in (part, f"##{part}") if piece in vocab]
    ids = {piece: number for number, piece in enumerate([MARK, *known])}
    model = models.WordPiece(ids, unk_token=MARK, max_input_chars_per_word=limit, continuing_subword_prefix="##")
    return [unknown if token.value == MARK else token.value for token in model.tokenize(word)]


def embed(input_ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.embedding(input_ids, table)


def mean_pool(embeddings: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    dtype = embeddings.dtype if embeddings.is_floating_point() else torch.float32
    vectors, real = embeddings.double().numpy(), attention_mask.bool().numpy()
    means = [
        row[kept].mean(0) if kept.any() else np.zeros(row.shape[1]) for row, kept in zip(vectors, real, strict=True)
    ]
    return torch.from_numpy(np.stack(means)).to(dtype)
