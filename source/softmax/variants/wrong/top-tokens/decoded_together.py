# Mistake: decodes the k tokens as one text and splits that at the spaces.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    words = tokenizer.decode(top.indices.tolist()).split(" ")
    return list(zip(words, top.values.tolist()))
