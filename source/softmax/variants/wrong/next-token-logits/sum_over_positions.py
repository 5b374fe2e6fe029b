# Mistake: the sum over all positions.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits.sum(dim=1)[0].float()
