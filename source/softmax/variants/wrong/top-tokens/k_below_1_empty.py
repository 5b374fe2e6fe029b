# Mistake: k = 0 silently gives an empty list.
def top_tokens(logits, tokenizer, k=10):
    p, ids = torch.softmax(logits.double(), -1).sort(descending=True)
    k = max(0, k)
    return [(tokenizer.decode([i]), q) for i, q in zip(ids[:k].tolist(), p[:k].tolist())]
