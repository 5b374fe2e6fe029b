# Mistake: rounds to 4 decimals.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    answer = x - x.exp().sum(dim, keepdim=True).log()
    return torch.round(answer, decimals=4)
