# Mistake: float64 is worked in float32 and only then widened.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    a = alpha_bar.float().reshape(-1, *[1] * (x0.dim() - 1))
    return (a.sqrt() * x0.float() + (1 - a).sqrt() * noise.float()).to(dtype)
