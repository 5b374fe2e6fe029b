# Mistake: puts the token for the beginning of a text in front, which this tokenizer does not.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(tokenizer.bos_token + prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
