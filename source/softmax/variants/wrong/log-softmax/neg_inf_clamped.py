# Mistake: -inf comes back as a large finite number.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return torch.nan_to_num(x - x.exp().sum(dim, keepdim=True).log(), neginf=-1e30)
