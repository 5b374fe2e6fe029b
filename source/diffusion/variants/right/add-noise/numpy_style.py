# Through NumPy, with np.expand_dims.
import numpy as np


def add_noise(x0, noise, alpha_bar):
    work = np.float64 if x0.dtype == torch.float64 else np.float32
    a = alpha_bar.numpy().astype(work)
    a = np.expand_dims(a, tuple(range(1, x0.dim())))
    mixed = np.sqrt(a) * x0.numpy().astype(work) + np.sqrt(1 - a) * noise.numpy().astype(work)
    return torch.from_numpy(mixed.astype(work)).to(x0.dtype if x0.dtype.is_floating_point else torch.float32)
