# Mistake: returns a list of tensors, one for each sample.
def predict_x0(x_t, noise, alpha_bar):
    return [(x - (1 - a).sqrt() * n) / a.sqrt() for x, n, a in zip(x_t, noise, alpha_bar.to(x_t.dtype))]
