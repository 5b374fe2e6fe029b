# Form: the answer still hangs on the graph.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    return model(**inputs).logits[0, -1, :].float()
