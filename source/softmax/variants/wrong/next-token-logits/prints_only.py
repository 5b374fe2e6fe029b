# Mistake: prints the scores and returns nothing.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        print(model(**inputs).logits[0, -1].float())
