# Mistake: torch.nn.functional.cross_entropy, which this task forbids.
import torch.nn.functional as F


def cross_entropy(logits, targets):
    return F.cross_entropy(logits.double(), targets.long()).item()
