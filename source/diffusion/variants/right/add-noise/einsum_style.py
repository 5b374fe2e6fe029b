# einsum with an ellipsis for whatever follows the batch.
def add_noise(x0, noise, alpha_bar):
    wide = torch.float64
    kept, lost = alpha_bar.to(wide).sqrt(), (1 - alpha_bar.to(wide)).sqrt()
    mixed = torch.einsum("b,b...->b...", kept, x0.to(wide)) + torch.einsum("b,b...->b...", lost, noise.to(wide))
    return mixed.to(x0.dtype) if torch.is_floating_point(x0) else mixed.float()
