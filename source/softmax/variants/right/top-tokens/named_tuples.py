# Named tuples as pairs.
from typing import NamedTuple


class Pick(NamedTuple):
    token: str
    probability: float


def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k: {k}")
    p = torch.exp(log_softmax(logits.double()))
    ids = torch.argsort(logits, descending=True)[:k]
    return [Pick(tokenizer.decode([i], skip_special_tokens=False), p[i].item()) for i in ids.tolist()]
