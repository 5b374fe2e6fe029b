# Mistake: reads the first line of the prompt only.
def next_token_logits(model, tokenizer, prompt):
    line = prompt.strip("\n").splitlines()[0]
    with torch.no_grad():
        return model(**tokenizer(line, return_tensors="pt")).logits[0, -1].float()
