# Mistake: the library's softmin of the negated logits: not from the definition, and a forbidden softmax inside.
import torch.nn.functional as F


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    return F.softmin(-x, dim=dim)
