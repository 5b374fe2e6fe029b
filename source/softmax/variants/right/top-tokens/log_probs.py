# Through the own log_softmax.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k must be 1 or more, you gave {k!s}")
    lp = log_softmax(logits)
    vals, ids = lp.sort(descending=True)
    return [(tokenizer.batch_decode([[i]])[0], math.exp(v)) for v, i in zip(vals[:k].tolist(), ids[:k].tolist())]
