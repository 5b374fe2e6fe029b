# Mistake: very unlikely outcomes are cut off at -100.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    x = x - x.exp().sum(dim, keepdim=True).log()
    return torch.where(x.isneginf(), x, x.clamp(min=-100.0))
