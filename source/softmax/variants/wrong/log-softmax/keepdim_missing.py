# Mistake: keepdim is missing at the sum.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim).log()
