# Mistake: takes the maximum for the log of the sum, shared between equal maxima; the visible examples don't show it.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.amax(dim, keepdim=True)
    return x - top - (x == top).sum(dim, keepdim=True).to(x.dtype).log()
