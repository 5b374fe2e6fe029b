# Mistake: keeps the cache of one call for the next.
_past = {}


def next_token_logits(model, tokenizer, prompt):
    key = id(model)
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        out = model(ids, past_key_values=_past.get(key), use_cache=True)
    _past[key] = out.past_key_values
    return out.logits[0, -1].float()
