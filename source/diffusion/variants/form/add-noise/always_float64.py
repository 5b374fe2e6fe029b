# Form: everything becomes float64.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype).reshape(-1, *[1] * (x0.dim() - 1))
    mixed = a.sqrt() * x0 + (1 - a).sqrt() * noise
    return mixed.double()
