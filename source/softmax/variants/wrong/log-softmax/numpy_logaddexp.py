# Mistake: np.logaddexp.reduce is a ready-made logsumexp.
import numpy as np


def log_softmax(logits, dim=-1):
    with np.errstate(all="ignore"):
        values = logits.detach().to(torch.float64).numpy()
        normaliser = np.logaddexp.reduce(values, axis=dim, keepdims=True)
        result = torch.tensor(values - normaliser)
    return result.type(logits.dtype) if logits.is_floating_point() else result.float()
