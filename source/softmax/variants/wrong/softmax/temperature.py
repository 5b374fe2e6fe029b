# Mistake: a temperature has slipped in.
def softmax(logits, dim=-1, temperature=0.7):
    x = (logits if logits.is_floating_point() else logits.float()) / temperature
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
