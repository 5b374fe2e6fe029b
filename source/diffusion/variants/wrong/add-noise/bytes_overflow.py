# Mistake: bytes stay bytes until they are mixed.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    a = alpha_bar.to(dtype).reshape(-1, *[1] * (x0.dim() - 1))
    return (a.sqrt() * x0 + ((1 - a).sqrt() * noise).to(x0.dtype)).to(dtype)
