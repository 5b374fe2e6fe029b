# Decodes all the ids at once, each as a row of its own; probabilities by log-probabilities.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k has to be 1 or more, got {k}.")
    logits = logits.detach().float() if logits.dtype is not torch.float64 else logits.detach()
    logs, ids = torch.log_softmax(logits, -1).sort(descending=True, stable=True)
    logs, ids = logs[:k], ids[:k]
    strings = tokenizer.batch_decode(ids.unsqueeze(1))
    return list(zip(strings, logs.exp().tolist()))
