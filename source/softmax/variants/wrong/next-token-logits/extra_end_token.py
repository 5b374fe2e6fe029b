# Mistake: puts an end-of-text token behind the prompt.
def next_token_logits(model, tokenizer, prompt):
    ids = tokenizer.encode(prompt) + [tokenizer.eos_token_id]
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, -1].float()
