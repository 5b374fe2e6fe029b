# Mistake: the ValueError does not name the value.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError("k must be positive")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
