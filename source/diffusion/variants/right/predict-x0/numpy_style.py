# Through NumPy, transposed so that the batch is last.
import numpy as np


def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.numpy().astype(np.float64)
    x, n = x_t.numpy().astype(np.float64), noise.numpy().astype(np.float64)
    x0 = (x.T - np.sqrt(1 - a) * n.T) / np.sqrt(a)
    return torch.from_numpy(np.ascontiguousarray(x0.T)).to(x_t.dtype)
