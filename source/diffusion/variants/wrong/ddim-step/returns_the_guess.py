# Mistake: always returns the guess of x0, as if every step were the last.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    return (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
