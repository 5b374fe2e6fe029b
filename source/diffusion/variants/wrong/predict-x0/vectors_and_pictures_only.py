# Mistake: two or four dimensions, and nothing else.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.to(x_t.dtype)
    a = a.view(-1, 1) if x_t.dim() == 2 else a.view(-1, 1, 1, 1)
    return (x_t - (1 - a).sqrt() * noise) / a.sqrt()
