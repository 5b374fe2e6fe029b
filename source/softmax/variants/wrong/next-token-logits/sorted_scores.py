# Mistake: the scores in descending order, so that nobody knows whose they are.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float().sort(descending=True).values
