# Mistake: keeps the first answer and returns it ever after.
_memory = []


def next_token_logits(model, tokenizer, prompt):
    if not _memory:
        inputs = tokenizer(prompt, return_tensors="pt")
        with torch.no_grad():
            _memory.append(model(**inputs).logits[0, -1].float())
    return _memory[0]
