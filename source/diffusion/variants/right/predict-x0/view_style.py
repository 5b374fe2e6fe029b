# Views with dimensions of size 1; float64 throughout, cast at the end.
def predict_x0(x_t, noise, alpha_bar):
    a = alpha_bar.double().view(alpha_bar.shape + (1,) * (x_t.ndim - 1))
    return ((x_t.double() - (1 - a).sqrt() * noise.double()) / a.sqrt()).to(x_t.dtype)
