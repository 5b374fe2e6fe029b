# Mistake: the answer is rounded to float16 before it becomes float32.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs).logits[0, -1].half().float()
