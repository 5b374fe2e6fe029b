# Form: the probabilities are 0-dimensional tensors instead of floats.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices, top.values)]
