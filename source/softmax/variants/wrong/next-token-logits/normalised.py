# Mistake: subtracts the mean of the scores.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        scores = model(**inputs).logits[0, -1].float()
    return scores - scores.mean()
