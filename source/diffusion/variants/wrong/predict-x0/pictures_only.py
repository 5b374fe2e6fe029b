# Mistake: always three further dimensions.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype)[:, None, None, None]
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
