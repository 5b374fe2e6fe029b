# Mistake: pads the prompt to 32 tokens and looks at the last position, which is padding.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt", padding="max_length", max_length=32)
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
