# The roots are taken in alpha_bar's own dtype; the mixture is brought to x0's.
def add_noise(x0, noise, alpha_bar):
    if not x0.is_floating_point():
        x0 = x0.to(torch.float32)
    signal, rest = alpha_bar.sqrt(), (1 - alpha_bar).sqrt()
    for _ in x0.shape[1:]:
        signal, rest = signal.unsqueeze(-1), rest.unsqueeze(-1)
    return (signal * x0 + rest * noise).to(x0.dtype)
