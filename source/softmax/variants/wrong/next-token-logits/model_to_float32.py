# Mistake: turns the caller's model into a float32 model for good.
def next_token_logits(model, tokenizer, prompt):
    model = model.float()
    with torch.no_grad():
        return model(**tokenizer(prompt, return_tensors="pt")).logits[0, -1]
