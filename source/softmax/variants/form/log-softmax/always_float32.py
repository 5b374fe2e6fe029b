# Form: float64 logits are worked in float32 and stay so.
def log_softmax(logits, dim=-1):
    x = logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()
