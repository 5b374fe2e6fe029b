# Mistake: its own filters, top-p before top-k.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            x = model(ids).logits[0, -1] / temperature
        if top_p is not None:
            share, order = x.softmax(-1).sort(descending=True)
            x[order[share.cumsum(0) - share >= top_p]] = -math.inf
        if top_k is not None:
            x[x < x.topk(int(top_k)).values[-1]] = -math.inf
        token = int(torch.multinomial(x.softmax(-1), 1, generator=generator))
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
