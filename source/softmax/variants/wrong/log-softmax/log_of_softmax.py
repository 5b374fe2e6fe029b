# Mistake: log(softmax(x)), which gives -inf where softmax underflows.
def log_softmax(logits, dim=-1):
    return torch.log(softmax(logits, dim))
