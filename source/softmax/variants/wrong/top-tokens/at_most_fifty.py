# Mistake: never more than fifty.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k={k}")
    p = softmax(logits.double())
    ids = torch.argsort(p, descending=True)[: min(k, 50)]
    return [(tokenizer.decode([i.item()]), p[i].item()) for i in ids]
