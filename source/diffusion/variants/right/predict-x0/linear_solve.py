# Finds x0 from two calls of the student's own add_noise, which is linear in x0.
def predict_x0(x_t, noise, alpha_bar):
    wide = x_t.double()
    zero, one = torch.zeros_like(wide), torch.ones_like(wide)
    bars = alpha_bar.double()
    offset = add_noise(zero, noise.double(), bars)
    slope = add_noise(one, zero, bars)
    return ((wide - offset) / slope).to(x_t.dtype)
