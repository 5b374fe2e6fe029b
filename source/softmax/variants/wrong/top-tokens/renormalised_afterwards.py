# Mistake: divides the shares by their sum, so that the k add up to 1.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    shares = top.values / top.values.sum()
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), shares.tolist())]
