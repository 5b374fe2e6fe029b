# Two matrices: one to the guess, one back.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    basis = torch.stack([x_t.double().flatten(), noise.double().flatten()])
    to_x0 = torch.tensor([[1 / math.sqrt(alpha_bar), -math.sqrt(1 / alpha_bar - 1)], [0, 1]], dtype=torch.float64)
    to_prev = torch.tensor([math.sqrt(alpha_bar_prev), math.sqrt(1 - alpha_bar_prev)], dtype=torch.float64)
    return (to_prev @ to_x0 @ basis).reshape(x_t.shape).to(x_t.dtype)
