# Mistake: the level meets the second dimension where the batch is as long as that.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    a = alpha_bar.to(x0.dtype)
    if x0.dim() > 1 and x0.shape[1] == len(a):
        a = a.reshape(1, -1, *[1] * (x0.dim() - 2))
    else:
        a = a.reshape(-1, *[1] * (x0.dim() - 1))
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
