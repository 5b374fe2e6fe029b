# Mistake: refuses an integer that is not a Python int.
def top_tokens(logits, tokenizer, k=10):
    if type(k) is not int:
        raise TypeError("k")
    if k < 1:
        raise ValueError(f"k={k}")
    p = softmax(logits.double())
    ids = torch.argsort(p, descending=True)[:k]
    return [(tokenizer.decode([i.item()]), p[i].item()) for i in ids]
