# Mistake: one token after the end-of-sequence token is still written.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        new.append(token)
        if len(new) > 1 and new[-2] == tokenizer.eos_token_id:
            break
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new, skip_special_tokens=True)
