# Mistake: the right k tokens, in the order of their ids.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    p = torch.softmax(logits.double(), -1)
    ids = sorted(p.topk(min(k, len(p))).indices.tolist())
    return [(tokenizer.decode([i]), p[i].item()) for i in ids]
