# Mistake: float64 is worked in float32 and only then widened.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.float().reshape(-1, *[1] * (x_t.dim() - 1))
    return ((x_t.float() - (1 - a).sqrt() * noise.float()) / a.sqrt()).to(x_t.dtype)
