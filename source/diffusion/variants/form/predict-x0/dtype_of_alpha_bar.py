# Form: the result has the wider dtype of the two, so a half-precision sample comes back in float32.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.reshape(-1, *[1] * (x_t.dim() - 1))
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
