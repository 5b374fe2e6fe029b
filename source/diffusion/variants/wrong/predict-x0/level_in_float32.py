# Mistake: alpha_bar is rounded to float32, also where all is float64.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.float().reshape(-1, *[1] * (x_t.dim() - 1))
    return ((x_t - (1 - a).sqrt() * noise) / a.sqrt()).to(x_t.dtype)
