# Mistake: decoded text is fed back: bytes that are no character are lost on the way.
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    text = ""
    for _ in range(max_new_tokens):
        ids = tokenizer(prompt + text, return_tensors="pt").input_ids
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id:
            break
        text += tokenizer.decode([token])
    return text
