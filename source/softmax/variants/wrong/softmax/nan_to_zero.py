# Mistake: no maximum is subtracted, and NaN is turned into 0.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x)
    return torch.nan_to_num(e / e.sum(dim, keepdim=True))
