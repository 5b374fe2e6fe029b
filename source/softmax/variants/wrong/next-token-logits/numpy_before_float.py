# Mistake: goes to NumPy before float32, and NumPy has no bfloat16.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        scores = model(**inputs).logits[0, -1].numpy()
    return torch.from_numpy(scores).float()
