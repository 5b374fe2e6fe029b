"""The functions of the assignment from transformers' own warpers and `generate`, computed in float64, and what judges their draws."""

import math
from typing import Any

import torch
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

_NO_IDS = torch.empty(0, dtype=torch.long)


def _floats(logits: torch.Tensor) -> torch.Tensor:
    return logits if logits.is_floating_point() else logits.float()


def apply_temperature(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    if not 0 < temperature < math.inf:
        raise ValueError(f"temperature must be a finite number above 0, not {temperature}")
    scores = _floats(logits)
    return TemperatureLogitsWarper(float(temperature))(_NO_IDS, scores.double()).to(scores.dtype)


def top_k_filter(logits: torch.Tensor, k: int) -> torch.Tensor:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    return TopKLogitsWarper(int(k))(_NO_IDS, _floats(logits))


def top_p_filter(logits: torch.Tensor, p: float) -> torch.Tensor:
    if not 0 < p <= 1:
        raise ValueError(f"p must be above 0 and at most 1, not {p}")
    scores = _floats(logits)
    if p == 1:
        return scores
    rows = scores.double().reshape(-1, scores.shape[-1])
    kept = TopPLogitsWarper(float(p))(_NO_IDS, rows).reshape(scores.shape)
    return scores.masked_fill(torch.isneginf(kept), -math.inf)


def distribution(
    logits: torch.Tensor, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> torch.Tensor:
    """The probabilities, in float64, that one draw must follow."""
    scores = apply_temperature(logits.double(), temperature)
    scores = scores if top_k is None else top_k_filter(scores, top_k)
    scores = scores if top_p is None else top_p_filter(scores, top_p)
    return torch.softmax(scores, -1)


def sample_token(
    logits: torch.Tensor,
    generator: torch.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> int:
    return int(torch.multinomial(distribution(logits, temperature, top_k, top_p), 1, generator=generator))


def generate(
    model: Any,
    tokenizer: Any,
    prompt: str,
    max_new_tokens: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> str:
    if max_new_tokens == 0:
        return ""
    how: dict[str, Any] = {"do_sample": False}
    if top_k != 1:
        how = {"do_sample": True, "temperature": temperature, "top_k": int(top_k or 0), "top_p": top_p or 1.0}
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
        ids = model.generate(**inputs, **how, max_new_tokens=int(max_new_tokens), pad_token_id=tokenizer.eos_token_id)[
            0
        ]
    return str(tokenizer.decode(ids[inputs["input_ids"].shape[1] :], skip_special_tokens=True))


def surprise(drawn: list[int], groups: list[float]) -> float:
    """The logarithm of a bound on the probability that draws from `groups` differ from it as much as `drawn` does, or more.

    `groups` holds the probability of each group, `drawn` the group of each draw.  The statistic is the likelihood-ratio chi-square
    G = 2 sum_i n_i ln(n_i / (n p_i)), infinite as soon as something impossible was drawn.  For n draws and m groups, with t = G/2,
    P(G/2 >= t) <= exp(-t) (e t / (m - 1))^(m - 1) for every n and t > m - 1 (Agrawal 2020, arXiv:1904.02291): unlike
    the usual table this is no limit for large n, so a small number of draws is enough."""
    counts = torch.bincount(torch.tensor(drawn), minlength=len(groups)).double()
    expected = torch.tensor(groups, dtype=torch.float64) * len(drawn)
    if (counts[expected == 0] > 0).any():
        return -math.inf
    t = float(torch.special.xlogy(counts, counts / expected.clamp(min=1e-300)).sum())
    free = max(int((expected > 0).sum()) - 1, 1)
    return free * (1 + math.log(t / free)) - t if t > free else 0.0
