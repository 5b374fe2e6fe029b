# Mistake: subtracts the maximum from the caller's tensor.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x.sub_(x.amax(dim, keepdim=True))
    return x - x.exp().sum(dim, keepdim=True).log()
