# Mistake: gives the caller's alpha_bar another shape.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    while alpha_bar.dim() < x0.dim():
        alpha_bar.unsqueeze_(-1)
    return (alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise).to(x0.dtype)
