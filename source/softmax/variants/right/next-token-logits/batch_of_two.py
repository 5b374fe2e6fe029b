# Reads the prompt twice in one batch and gathers the last real position by its index.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer([prompt, prompt], return_tensors="pt", padding=False)
    last = inputs["attention_mask"].sum(dim=1) - 1
    with torch.no_grad():
        logits = model(**inputs).logits
    rows = torch.arange(logits.shape[0])
    return logits[rows, last][0].clone().float()
