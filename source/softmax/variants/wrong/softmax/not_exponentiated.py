# Mistake: divides the scores by their total.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return x / x.sum(dim, keepdim=True)
