# Mistake: the mean alpha_bar for the whole batch.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype).mean()
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
