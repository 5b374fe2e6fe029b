# Mistake: the logarithms of the probabilities.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), math.log(p)) for i, p in zip(top.indices.tolist(), top.values.tolist())]
