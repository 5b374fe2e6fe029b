# The maximum apart, the rest through log1p.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    y = x.movedim(dim, -1)
    top, where = y.max(-1, keepdim=True)
    shifted = y - top
    tail = torch.exp(shifted).scatter(-1, where, 0.0).sum(-1, keepdim=True)
    return (shifted - torch.log1p(tail)).movedim(-1, dim)
