# Mistake: at least one further dimension is taken for granted.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype).unsqueeze(1)
    while a.dim() < x0.dim():
        a = a.unsqueeze(-1)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
