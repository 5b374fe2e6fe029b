# Views with dimensions of size 1; float64 throughout, cast at the end.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    a = alpha_bar.double().view((-1,) + (1,) * (x0.ndim - 1))
    return (a.sqrt() * x0.double() + (1.0 - a).sqrt() * noise.double()).to(dtype)
