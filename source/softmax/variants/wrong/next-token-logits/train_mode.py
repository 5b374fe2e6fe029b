# Mistake: puts the model into training mode, so that dropout is on.
def next_token_logits(model, tokenizer, prompt):
    model.train()
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
