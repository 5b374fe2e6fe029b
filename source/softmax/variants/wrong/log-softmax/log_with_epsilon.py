# Mistake: log(softmax(x) + epsilon).
def log_softmax(logits, dim=-1):
    return torch.log(softmax(logits, dim) + 1e-12)
