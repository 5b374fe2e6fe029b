# Form: integer logits give float64, because NumPy does.
import numpy as np


def softmax(logits, dim=-1):
    x = logits.double().numpy()
    top = np.max(x, axis=dim, keepdims=True) if x.ndim else x
    if np.isneginf(top).any():
        raise ValueError("all -inf")
    e = np.exp(x - top)
    p = torch.as_tensor(e / np.sum(e, axis=dim, keepdims=True) if x.ndim else e / e)
    return p.to(logits.dtype) if logits.is_floating_point() else p
