# Mistake: multiplies a mask of zeros with -inf, which is nan.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    possible = torch.isfinite(x).to(x.dtype)
    x = x - (x.exp() * possible).sum(dim, keepdim=True).log()
    return x * possible
