# Form: a NumPy array (through float32 where the scores are in half precision).
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    shares = e / e.sum(dim, keepdim=True)
    return (shares.float() if shares.dtype == torch.bfloat16 else shares).numpy()
