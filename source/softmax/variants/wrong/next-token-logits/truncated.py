# Mistake: cuts long prompts off after 100 tokens.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt", truncation=True, max_length=100)
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
