# Mistake: goes to NumPy directly, which has no bfloat16.
import numpy as np


def softmax(logits, dim=-1):
    x = logits.numpy()
    x = x if x.dtype.kind == "f" else x.astype(np.float32)
    top = np.max(x, axis=dim if x.ndim else None, keepdims=True)
    if np.isneginf(top).any():
        raise ValueError("all -inf")
    e = np.exp(x - top)
    return torch.as_tensor(e / np.sum(e, axis=dim if x.ndim else None, keepdims=True)).reshape(logits.shape)
