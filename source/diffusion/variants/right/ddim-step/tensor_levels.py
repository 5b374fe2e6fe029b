# The levels as tensors in the sample's dtype.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    a, prev = (torch.tensor(level, dtype=x_t.dtype) for level in (alpha_bar, alpha_bar_prev))
    pred = (x_t - (1 - a).sqrt() * noise) / a.sqrt()
    return prev.sqrt() * pred + (1 - prev).sqrt() * noise
