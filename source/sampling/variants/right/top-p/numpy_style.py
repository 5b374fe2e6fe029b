# NumPy, with searchsorted on each row.
import numpy as np


def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"{p} is not in (0, 1]")
    x = logits.numpy()
    if x.dtype.kind in "iu":
        x = x.astype(np.float32)
    if p == 1:
        return torch.from_numpy(x.copy())
    flat = x.reshape(-1, x.shape[-1])
    out = np.full_like(flat, -np.inf)
    for source, target in zip(flat.astype(np.float64), out):
        order = np.argsort(-source, kind="stable")
        e = np.exp(source - source.max())
        sums = np.cumsum(e[order] / e.sum())
        kept = order[: np.searchsorted(sums, p) + 1]
        target[kept] = source[kept]
    return torch.from_numpy(out.reshape(x.shape))
