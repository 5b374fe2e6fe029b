# Mistake: the best token as text instead of the scores.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return tokenizer.decode([int(model(**inputs).logits[0, -1].argmax())])
