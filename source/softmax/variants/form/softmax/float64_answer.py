# Form: the answer is float64 whatever came in.
def softmax(logits, dim=-1):
    x = logits.double()
    top = x.amax(dim, keepdim=True)
    if (top == -math.inf).any():
        raise ValueError("all -inf")
    e = torch.exp(x - top)
    return e / e.sum(dim, keepdim=True)
