# Form: the answer is float64 whatever came in.
def log_softmax(logits, dim=-1):
    x = logits.double()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
