# Mistake: feeds only the last token of the prompt.
def next_token_logits(model, tokenizer, prompt):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        return model(ids[:, -1:]).logits[0, -1].float()
