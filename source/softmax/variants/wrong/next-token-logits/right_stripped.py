# Mistake: strips the prompt on the right.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt.rstrip() or prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
