# In logarithms: scale and sigma from half of log alpha_bar.
def predict_x0(x_t, noise, alpha_bar):
    half_log = 0.5 * torch.log(alpha_bar.double())
    scale = torch.exp(-half_log)
    sigma = torch.sqrt(-torch.expm1(2 * half_log))
    for _ in range(x_t.dim() - 1):
        scale, sigma = scale[..., None], sigma[..., None]
    return (scale * (x_t.double() - sigma * noise.double())).type(x_t.dtype)
