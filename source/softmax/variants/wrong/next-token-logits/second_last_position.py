# Mistake: takes the position before the last, where there is one.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits[0]
    return logits[max(len(logits) - 2, 0)].float()
