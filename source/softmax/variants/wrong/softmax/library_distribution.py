# Mistake: lets torch.distributions do it, which calls the forbidden functions; not from the definition.
from torch.distributions import Categorical


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    if x.ndim == 0:
        return torch.ones_like(x)
    return Categorical(logits=x.movedim(dim, -1), validate_args=False).probs.movedim(-1, dim)
