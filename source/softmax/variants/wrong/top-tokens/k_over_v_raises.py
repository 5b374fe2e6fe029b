# Mistake: refuses a k over the size of the vocabulary.
def top_tokens(logits, tokenizer, k=10):
    if not 1 <= k <= len(logits):
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), int(k))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
