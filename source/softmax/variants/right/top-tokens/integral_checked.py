# Checks k against numbers.Integral.
import numbers


def top_tokens(logits, tokenizer, k=10):
    if not isinstance(k, numbers.Integral):
        raise TypeError("k")
    if k < 1:
        raise ValueError(f"k={k}")
    p = softmax(logits.double())
    ids = torch.argsort(p, descending=True)[:k]
    return [(tokenizer.decode([i.item()]), p[i].item()) for i in ids]
