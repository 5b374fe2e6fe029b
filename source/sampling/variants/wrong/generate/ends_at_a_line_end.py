# Mistake: a line end ends the text as well.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id or tokenizer.decode([token]) == "\n":
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
