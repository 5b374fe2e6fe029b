# Recursion on lists of ids, with next_token_logits of its own.
def next_token_logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, -1]


def continuation(model, ids, left, end, draw):
    if left == 0:
        return []
    token = draw(next_token_logits(model, ids))
    return [] if token == end else [token] + continuation(model, ids + [token], left - 1, end, draw)


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    draw = lambda logits: sample_token(logits, generator, temperature, top_k, top_p)
    new = continuation(model, list(tokenizer(prompt)["input_ids"]), max_new_tokens, tokenizer.eos_token_id, draw)
    return tokenizer.decode(new)
