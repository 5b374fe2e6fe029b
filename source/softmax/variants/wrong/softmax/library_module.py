# Mistake: torch.nn.Softmax, which this task forbids.
from torch import nn


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    layer = nn.Softmax(dim=dim)
    return layer(x)
