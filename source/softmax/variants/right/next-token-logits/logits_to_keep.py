# Lets the model compute the last position only; gradients switched off and on by hand.
def next_token_logits(model, tokenizer, prompt):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        encoded = tokenizer([prompt], return_tensors="pt")
        last = model(encoded["input_ids"], attention_mask=encoded["attention_mask"], logits_to_keep=1).logits
    finally:
        torch.set_grad_enabled(before)
    return last.flatten().float()
