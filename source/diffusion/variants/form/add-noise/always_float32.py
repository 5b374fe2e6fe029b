# Form: the result is always float32.
def add_noise(x0, noise, alpha_bar):
    a = alpha_bar.float().reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0.float() + (1 - a).sqrt() * noise.float()
