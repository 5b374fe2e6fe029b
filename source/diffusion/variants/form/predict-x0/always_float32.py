# Form: the result is always float32.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.float().reshape(-1, *[1] * (x_t.dim() - 1))
    return (x_t.float() - (1 - a).sqrt() * noise.float()) / a.sqrt()
