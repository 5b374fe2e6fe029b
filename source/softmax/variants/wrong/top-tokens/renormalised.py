# Mistake: the probabilities add up to 1 over the k tokens instead of the whole vocabulary.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    values, ids = torch.topk(logits.float(), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(ids.tolist(), torch.softmax(values, -1).tolist())]
