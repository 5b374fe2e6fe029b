# Mistake: only bfloat16 is turned into float32, float16 stays.
def next_token_logits(model, tokenizer, prompt):
    with torch.no_grad():
        y = model(**tokenizer(prompt, return_tensors="pt")).logits[0, -1]
    return y.float() if y.dtype == torch.bfloat16 else y
