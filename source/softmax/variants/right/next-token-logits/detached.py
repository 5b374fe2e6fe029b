# Runs with gradients and detaches afterwards; encode() and a hand-made batch dimension.
def next_token_logits(model, tokenizer, prompt):
    ids = tokenizer.encode(prompt)
    batch = torch.tensor([ids])
    print("the prompt has", len(ids), "tokens")
    logits = model(batch)[0]
    return logits.detach().squeeze(0)[-1].type(torch.FloatTensor)
