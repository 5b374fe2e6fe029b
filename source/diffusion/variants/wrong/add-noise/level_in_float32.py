# Mistake: alpha_bar is rounded to float32, also where all is float64.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.float().reshape(-1, *[1] * (x0.dim() - 1))
    return (a.sqrt() * x0 + (1 - a).sqrt() * noise).to(x0.dtype)
