# Mistake: subtracts the mean, which does not keep the exponents at 0 or below.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if x.amax(dim).isneginf().any():
        raise ValueError("x")
    f = torch.where(x.isneginf(), 0.0, x)
    m = f.mean(dim, keepdim=True) if x.dim() else f
    e = torch.exp(x - m)
    return e / e.sum(dim, keepdim=True)
