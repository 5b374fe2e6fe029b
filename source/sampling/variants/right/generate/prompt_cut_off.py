# Decodes everything and takes the prompt off; tokens come from a Python generator.
def tokens(model, ids, draw):
    past = None
    feed = ids
    while True:
        with torch.no_grad():
            out = model(feed, past_key_values=past, use_cache=True)
        past, token = out.past_key_values, draw(out.logits[0, -1])
        yield token
        feed = torch.tensor([[token]])


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    from itertools import islice, takewhile

    ids = tokenizer(prompt, return_tensors="pt").input_ids
    stream = tokens(model, ids, lambda scores: sample_token(scores, generator, temperature, top_k, top_p))
    new = list(takewhile(lambda token: token != tokenizer.eos_token_id, islice(stream, int(max_new_tokens))))
    whole = tokenizer.decode(ids[0].tolist() + new)
    before = tokenizer.decode(ids[0])
    assert whole.startswith(before)
    return whole[len(before):]
