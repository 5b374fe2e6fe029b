# Mistake: one maximum for the whole tensor, so that low slices lose their sum.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.max()
    return x - x.exp().sum(dim, keepdim=True).log()
