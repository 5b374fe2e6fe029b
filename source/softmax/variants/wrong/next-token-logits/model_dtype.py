# Mistake: the answer has the model's dtype, bfloat16 for a bfloat16 model.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1]
