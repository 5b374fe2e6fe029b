# Form: everything becomes float64.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))
    clean = (x_t - (1 - a).sqrt() * noise) / a.sqrt()
    return clean.double()
