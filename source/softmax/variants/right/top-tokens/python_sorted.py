# sorted() over pairs, in the way of a beginner; rounds to 7 decimals, which is within 1e-5.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k must not be {k}")
    biggest = float(logits.max())
    pairs = []
    total = 0.0
    for token_id, value in enumerate(logits.tolist()):
        e = math.exp(value - biggest)
        total = total + e
        pairs.append((e, token_id))
    pairs = sorted(pairs, reverse=True)
    return [(tokenizer.decode([token_id]), round(e / total, 7)) for e, token_id in pairs[0:k]]
