# Form: the answer is float64.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.inference_mode():
        return model(**inputs).logits[0, -1].double()
