# Mistake: below a temperature of 1 it takes the best instead of drawing, and above it ignores the filters.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        if temperature < 1 or top_k == 1:
            token = int(logits.argmax())
        else:
            token = sample_token(logits, generator, temperature)
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
