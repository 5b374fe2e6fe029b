# Mistake: the share of the noise is what is missing to 1, without the root.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype).reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0 + (1 - a) * noise
