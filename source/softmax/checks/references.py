"""The functions of the assignment, from the libraries that students may not use, worked in float64."""

import functools
import math
from typing import Any

import torch


@functools.lru_cache(maxsize=1024)  # a model is by far the dearest thing here, and every submission is asked the same
def next_token_logits(model: Any, tokenizer: Any, prompt: str) -> torch.Tensor:
    with torch.no_grad():
        return model(**tokenizer(prompt, return_tensors="pt")).logits[0, -1].float()


def softmax(logits: torch.Tensor, dim: int = -1) -> torch.Tensor:
    scores = logits if logits.is_floating_point() else logits.float()
    if torch.isneginf(scores).all(dim).any():
        raise ValueError("a slice is all -inf")
    return torch.softmax(scores.double(), dim).to(scores.dtype)


def log_softmax(logits: torch.Tensor, dim: int = -1) -> torch.Tensor:
    scores = logits if logits.is_floating_point() else logits.float()
    return torch.log_softmax(scores.double(), dim).to(scores.dtype)


def top_tokens(logits: torch.Tensor, tokenizer: Any, k: int = 10) -> list[tuple[str, float]]:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    shares, ids = torch.softmax(logits.double(), 0).sort(descending=True, stable=True)
    return [
        (tokenizer.decode([token]), share) for token, share in zip(ids.tolist()[:k], shares.tolist()[:k], strict=True)
    ]


def probability_sum(probabilities: torch.Tensor) -> float:
    return math.fsum(probabilities.double().flatten().tolist())


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> float:
    return float(torch.nn.functional.cross_entropy(logits.double(), targets.long()))
