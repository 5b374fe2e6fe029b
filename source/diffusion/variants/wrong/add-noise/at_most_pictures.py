# Mistake: right for up to three further dimensions only.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype)
    a = {1: a, 2: a[:, None], 3: a[:, None, None]}.get(x0.dim(), a[:, None, None, None])
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
