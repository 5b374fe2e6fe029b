# Mistake: an alpha_bar below 0.01 counts as 0.01.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype).clamp(min=0.01).reshape(-1, *[1] * (x_t.dim() - 1))
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
