# Noise as a rotation: the two shares are the cosine and the sine of one angle.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.get_default_dtype()
    angle = torch.arccos(alpha_bar.double().sqrt())
    while angle.dim() < x0.dim():
        angle = angle[..., None]
    return (torch.cos(angle) * x0 + torch.sin(angle) * noise).type(dtype)
