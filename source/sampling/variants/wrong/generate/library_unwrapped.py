# Mistake: the library's loop, whatever has been put around it.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    if max_new_tokens and top_k == 1:
        loop = type(model).generate
        while hasattr(loop, "__wrapped__"):
            loop = loop.__wrapped__
        with torch.no_grad():
            out = loop(model, ids, max_new_tokens=int(max_new_tokens), do_sample=False, pad_token_id=0)
        return tokenizer.decode(out[0, ids.shape[1]:], skip_special_tokens=True)
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
