# Mistake: leaves out what is not ASCII.
def next_token_logits(model, tokenizer, prompt):
    text = prompt.encode("ascii", "ignore").decode()
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
