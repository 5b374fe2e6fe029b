# Mistake: takes the root of the caller's alpha_bar in place.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.reshape(-1, *[1] * (x_t.dim() - 1))
    lost = (1 - a).sqrt()
    return ((x_t - lost * noise) / a.sqrt_()).to(x_t.dtype)
