# Mistake: raises as soon as there is any -inf.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if torch.isinf(x).any():
        raise ValueError("the logits must be finite")
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
