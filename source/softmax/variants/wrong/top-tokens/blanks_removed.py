# Mistake: takes all blanks and line breaks out of the tokens.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [("".join(tokenizer.decode([i]).split()), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
