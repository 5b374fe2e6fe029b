# Mistake: an alpha_bar below a hundred-thousandth counts as that.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))
    a = a.clamp(min=1e-5)
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
