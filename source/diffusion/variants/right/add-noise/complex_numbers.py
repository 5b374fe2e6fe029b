# Sample and noise as one complex number, turned by an angle.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    z = torch.complex(x0.double(), noise.double())
    turn = torch.complex(alpha_bar.double().sqrt(), -(1 - alpha_bar.double()).sqrt())
    return (z * turn.view(-1, *(1,) * (x0.dim() - 1))).real.to(dtype)
