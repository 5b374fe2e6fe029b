# Mistake: the first sample's alpha_bar for the whole batch.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar[0].item()
    return a**0.5 * x0 + (1 - a) ** 0.5 * noise
