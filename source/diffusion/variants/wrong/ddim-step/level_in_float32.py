# Mistake: the levels become tensors of torch's default dtype, and lose half of their digits.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    a_t, a_prev = torch.tensor(alpha_bar), torch.tensor(alpha_bar_prev)
    x0 = (x_t - torch.sqrt(1 - a_t) * noise) / torch.sqrt(a_t)
    return torch.sqrt(a_prev) * x0 + torch.sqrt(1 - a_prev) * noise
