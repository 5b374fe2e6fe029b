# Through NumPy in float64.
import numpy as np


def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x, eps = x_t.detach().numpy().astype(np.float64), noise.detach().numpy().astype(np.float64)
    x0 = (x - np.sqrt(1 - alpha_bar) * eps) / np.sqrt(alpha_bar)
    return torch.as_tensor(np.sqrt(alpha_bar_prev) * x0 + np.sqrt(1 - alpha_bar_prev) * eps).to(x_t.dtype)
