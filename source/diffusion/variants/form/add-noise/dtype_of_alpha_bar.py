# Form: the result has the wider dtype of the two, so a half-precision sample comes back in float32.
def add_noise(x0, noise, alpha_bar):
    a = alpha_bar.reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
