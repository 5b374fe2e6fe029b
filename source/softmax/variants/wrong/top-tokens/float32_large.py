# Mistake: works float64 scores in float32.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k={k}")
    p = softmax(logits.float())
    ids = torch.argsort(p, descending=True)[:k]
    return [(tokenizer.decode([i.item()]), p[i].item()) for i in ids]
