# Shifted exponentials over their sum, in the dtype of the input.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    top = x.max(dim=dim, keepdim=True).values
    if (top == -math.inf).any():
        raise ValueError("a slice is all -inf: there is nothing to normalise")
    e = torch.exp(x - top)
    return e / e.sum(dim=dim, keepdim=True)
