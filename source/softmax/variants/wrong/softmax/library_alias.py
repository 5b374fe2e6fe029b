# Mistake: torch.nn.functional.softmax under another name.
from torch.nn.functional import softmax as normalise


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return normalise(x, dim=dim)
