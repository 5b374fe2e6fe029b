# Mistake: the transform of torch.distributions, which is a softmax written out.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    if x.ndim == 0:
        return torch.ones_like(x)
    return torch.distributions.transforms.SoftmaxTransform()(x.movedim(dim, -1)).movedim(-1, dim)
