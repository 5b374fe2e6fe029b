# Mistake: takes the root of the caller's alpha_bar in place.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.reshape(-1, *[1] * (x0.dim() - 1))
    rest = (1 - a).sqrt()
    return (a.sqrt_() * x0 + rest * noise).to(x0.dtype)
