# Mistake: steps from alpha_bar_prev to alpha_bar, which is the other direction.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar_prev) * noise) / math.sqrt(alpha_bar_prev)
    return math.sqrt(alpha_bar) * x0 + math.sqrt(1 - alpha_bar) * noise
