# Mistake: crosses the winners out in the caller's logits.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    p = torch.softmax(logits.double(), -1)
    found = []
    for _ in range(min(k, len(p))):
        best = int(logits.argmax())
        found.append((tokenizer.decode([best]), p[best].item()))
        logits[best] = torch.finfo(torch.float32).min if logits.is_floating_point() else -(2**31)
    return found
