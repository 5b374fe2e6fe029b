# NumPy fancy indexing in float64.
import numpy as np


def cross_entropy(logits, targets):
    x = logits.detach().double().numpy()
    t = targets.numpy().astype(int)
    x = x - x.max(axis=1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    return float(-log_p[np.arange(t.size), t].mean())
