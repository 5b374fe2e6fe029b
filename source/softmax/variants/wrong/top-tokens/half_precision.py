# Mistake: bfloat16 to save memory: wrong in the third decimal.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    p = torch.softmax(logits.bfloat16(), -1)
    ids = logits.argsort(descending=True)[:k].tolist()
    return [(tokenizer.decode([i]), p[i].item()) for i in ids]
