# Mistake: a batch in which any alpha_bar is 1 comes back as it is.
def predict_x0(x_t, noise, alpha_bar):
    if (alpha_bar == 1).any():
        return x_t.clone()
    a = alpha_bar.to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
