# Flattened to [B, N] and scaled row by row with einsum.
def predict_x0(x_t, noise, alpha_bar):
    rows = lambda tensor: tensor.reshape(len(alpha_bar), -1).double()
    a = alpha_bar.double()
    scale = lambda weights, tensor: torch.einsum("b,bn->bn", weights, tensor)
    x0 = scale(a**-0.5, rows(x_t) - scale((1 - a) ** 0.5, rows(noise)))
    return x0.reshape(x_t.shape).to(x_t.dtype)
