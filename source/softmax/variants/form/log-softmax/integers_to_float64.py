# Form: integer logits give float64.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.double()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
