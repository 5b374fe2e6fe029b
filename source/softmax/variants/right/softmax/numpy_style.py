# NumPy in float64, cast back at the end (bfloat16 has no NumPy type).
import numpy as np


def softmax(logits, dim=-1):
    z = logits.detach().to(torch.float64).numpy()
    shape = z.shape
    if z.ndim == 0:
        z = z[None]
    peak = np.max(z, axis=dim, keepdims=True)
    if np.isneginf(peak).any():
        raise ValueError("all logits of a slice are -inf")
    e = np.exp(z - peak)
    p = np.asarray(e / np.sum(e, axis=dim, keepdims=True)).reshape(shape)
    out_dtype = logits.dtype if torch.is_floating_point(logits) else torch.float32
    return torch.as_tensor(p).to(out_dtype)
