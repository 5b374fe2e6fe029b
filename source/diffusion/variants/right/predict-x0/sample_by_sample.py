# Fills an empty tensor sample by sample.
def predict_x0(x_t, noise, alpha_bar):
    x0 = torch.empty_like(x_t)
    for i in range(x_t.size(0)):
        a = float(alpha_bar[i])
        x0[i] = (x_t[i] - (1 - a) ** 0.5 * noise[i]) / a**0.5
    return x0
