# Form: a list with one text instead of the text.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids, new = tokenizer.encode(prompt), []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(torch.tensor([ids + new])).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
    return tokenizer.batch_decode([new])
