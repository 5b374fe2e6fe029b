# Form: the batch dimension is kept and the gradient attached.
def next_token_logits(model, tokenizer, prompt):
    return model(**tokenizer(prompt, return_tensors="pt")).logits[:, -1].float()
