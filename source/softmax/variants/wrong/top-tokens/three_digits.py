# Mistake: rounds to 3 decimals, to look nice.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), round(p, 3)) for i, p in zip(top.indices.tolist(), top.values.tolist())]
