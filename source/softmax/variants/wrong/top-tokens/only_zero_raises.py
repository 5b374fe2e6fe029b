# Mistake: refuses 0, but takes a negative k for "all but".
def top_tokens(logits, tokenizer, k=10):
    if k == 0:
        raise ValueError("k must be positive, not 0")
    p, ids = torch.softmax(logits.double(), -1).sort(descending=True)
    return [(tokenizer.decode([i]), q) for i, q in zip(ids[:k].tolist(), p[:k].tolist())]
