# Mistake: no maximum is subtracted before exp.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    return x - x.exp().sum(dim, keepdim=True).log()
