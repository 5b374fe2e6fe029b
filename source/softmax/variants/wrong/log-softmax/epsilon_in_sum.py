# Mistake: an epsilon in the logarithm of the sum.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return x - torch.log(x.exp().sum(dim, keepdim=True) + 1e-8)
