# torch.func.functional_call with detached parameters.
def next_token_logits(model, tokenizer, prompt):
    enc = tokenizer(prompt, return_tensors="pt")
    state = {k: v.detach() for k, v in model.state_dict(keep_vars=True).items()}
    with torch.no_grad():
        out = torch.func.functional_call(model, state, (enc["input_ids"],), tie_weights=False)
    return out.logits[0, -1].float()
