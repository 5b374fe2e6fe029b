# Mistake: the error names k without its sign.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k must be positive, not {abs(k)}" if k else "k must not be zero")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
