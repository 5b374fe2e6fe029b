# Mistake: splits the prompt at white space and joins it with single blanks.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(" ".join(prompt.split()), return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].float()
