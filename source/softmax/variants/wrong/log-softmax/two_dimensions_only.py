# Mistake: takes every input for a matrix.
def log_softmax(logits, dim=-1):
    rows, columns = logits.shape
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
