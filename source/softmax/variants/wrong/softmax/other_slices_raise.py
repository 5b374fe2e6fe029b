# Mistake: also raises where a row is all -inf although dim runs down the columns, each of which has a finite logit.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any() or (x.amax(-1) == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)
