# Form: a column, [V, 1].
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float().unsqueeze(1)
