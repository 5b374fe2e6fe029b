# Halves the batch until a single sample is left.
def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    if len(x0) == 1:
        a = alpha_bar.item()
        return (a**0.5 * x0 + (1 - a) ** 0.5 * noise).to(x0.dtype)
    half = len(x0) // 2
    parts = [add_noise(x0[part], noise[part], alpha_bar[part]) for part in (slice(half), slice(half, None))]
    return torch.cat(parts)
