# torch.topk over the library's softmax (which this task allows).
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    probabilities = torch.softmax(logits.float() if logits.dtype != torch.float64 else logits, dim=-1)
    top = torch.topk(probabilities, min(k, logits.shape[-1]))
    return [(tokenizer.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
