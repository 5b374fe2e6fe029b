# Mistake: skips the most likely token.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    p, ids = torch.softmax(logits.double(), -1).sort(descending=True)
    return [(tokenizer.decode([i]), q) for i, q in zip(ids[1 : k + 1].tolist(), p[1 : k + 1].tolist())]
