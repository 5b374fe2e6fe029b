# Mistake: -inf becomes the lowest finite number.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    m = x - x.amax(dim, keepdim=True)
    return torch.nan_to_num(m - m.exp().sum(dim, keepdim=True).log(), neginf=torch.finfo(x.dtype).min)
