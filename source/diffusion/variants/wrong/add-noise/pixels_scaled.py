# Mistake: brings whole numbers from 0..255 to -1..1, which nobody asked for.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float() / 127.5 - 1
    a = alpha_bar.to(x0.dtype).reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
