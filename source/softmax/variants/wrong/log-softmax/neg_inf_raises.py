# Mistake: refuses every -inf.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if torch.isinf(x).any():
        raise ValueError("the scores must be finite")
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
