# Mistake: feeds the whole text together with the cache: every token is seen twice.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    new, past = [], None
    for _ in range(max_new_tokens):
        with torch.no_grad():
            out = model(ids, past_key_values=past, use_cache=True)
        past = out.past_key_values
        token = sample_token(out.logits[0, -1], generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
