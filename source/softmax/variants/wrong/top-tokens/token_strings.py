# Mistake: convert_ids_to_tokens gives the vocabulary's spelling ("Ġcat") instead of decoded text.
def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    top = torch.topk(torch.softmax(logits.double(), -1), min(k, len(logits)))
    return list(zip(tokenizer.convert_ids_to_tokens(top.indices.tolist()), top.values.tolist()))
