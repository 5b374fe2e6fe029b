# Mistake: tokens that decode alike are listed once.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k={k}")
    p = softmax(logits.double())
    seen = {}
    for i in torch.argsort(p, descending=True)[:k].tolist():
        seen.setdefault(tokenizer.decode([i]), p[i].item())
    return list(seen.items())
