# Mistake: decodes with the notebook's tokenizer instead of the one that was passed.
_mine = AutoTokenizer.from_pretrained(MODEL)


def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return [(_mine.decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist())]
