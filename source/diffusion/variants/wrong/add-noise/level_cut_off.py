# Mistake: alpha_bar is converted to the dtype of whole-number samples, which leaves 0 of it.
def add_noise(x0, noise, alpha_bar):
    a = alpha_bar.to(x0.dtype).reshape(-1, *[1] * (x0.dim() - 1))
    mixed = a.sqrt() * x0 + (1 - a).sqrt() * noise
    return mixed if x0.is_floating_point() else mixed.float()
