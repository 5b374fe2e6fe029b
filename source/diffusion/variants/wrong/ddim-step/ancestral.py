# Mistake: eta = 1, the step of the original sampler with its own random part.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    sigma = math.sqrt((1 - alpha_bar_prev) / (1 - alpha_bar) * (1 - alpha_bar / alpha_bar_prev))
    direction = math.sqrt(1 - alpha_bar_prev - sigma**2) * noise
    return math.sqrt(alpha_bar_prev) * x0 + direction + sigma * torch.randn_like(x_t)
