# Mistake: a sigmoid of each score by itself.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return torch.sigmoid(x)
