# Mistake: keeps the shares of the first call with a batch of this size.
_shares = {}


def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = _shares.setdefault(len(alpha_bar), alpha_bar.clone()).to(x0.dtype).reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
