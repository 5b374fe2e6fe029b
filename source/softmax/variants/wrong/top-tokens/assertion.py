# Mistake: an AssertionError instead of a ValueError.
def top_tokens(logits, tokenizer, k=10):
    assert k >= 1, f"k = {k}"
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
