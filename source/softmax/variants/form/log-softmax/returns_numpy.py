# Form: returns a NumPy array.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    return (x - x.exp().sum(dim, keepdim=True).log()).numpy()
