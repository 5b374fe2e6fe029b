# Mistake: alpha_bar meets the last dimension instead of the batch.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
