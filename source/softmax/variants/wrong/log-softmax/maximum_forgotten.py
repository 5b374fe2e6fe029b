# Mistake: shifts for the sum, but forgets to add the maximum back.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    return x - (x - top).exp().sum(dim, keepdim=True).log()
