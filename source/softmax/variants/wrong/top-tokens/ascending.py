# Mistake: least likely first.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    p, ids = torch.softmax(logits.double(), -1).sort()
    return [(tokenizer.decode([i]), q) for i, q in zip(ids[-k:].tolist(), p[-k:].tolist())]
