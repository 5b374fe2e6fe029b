# Calls the student's own softmax from the earlier task, then sorts.
def top_tokens(logits, tokenizer, k=10):
    if not k >= 1:
        raise ValueError("k = %d is too small" % k)
    probabilities = softmax(logits.double())
    order = probabilities.sort(descending=True).indices[:k]
    result = []
    for index in order:
        result.append((tokenizer.decode(index), probabilities[index].item()))
    return result
