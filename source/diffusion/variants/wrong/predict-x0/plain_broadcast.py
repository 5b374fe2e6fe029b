# Mistake: alpha_bar meets the last dimension instead of the batch.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype)
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
