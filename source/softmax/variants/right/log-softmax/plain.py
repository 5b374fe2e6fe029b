# Shift by the maximum, subtract the log of the sum.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    shifted = x - x.amax(dim=dim, keepdim=True)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()
