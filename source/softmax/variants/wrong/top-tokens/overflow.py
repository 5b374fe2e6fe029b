# Mistake: exp without shifting: large logits give nan.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    e = torch.exp(logits.float())
    top = torch.topk(e / e.sum(), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
