# Mistake: log(softmax(x)) with a floor under the probabilities.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    e = (x - x.amax(dim, keepdim=True)).exp()
    p = e / e.sum(dim, keepdim=True)
    return torch.where(x.isneginf(), x, p.clamp_min(torch.finfo(p.dtype).tiny).log())
