# Mistake: whole numbers stay whole numbers.
def add_noise(x0, noise, alpha_bar):
    a = alpha_bar.reshape(-1, *[1] * (x0.dim() - 1))
    return (a.sqrt() * x0 + (1 - a).sqrt() * noise).to(x0.dtype)
