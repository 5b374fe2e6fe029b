# Mistake: no square roots on the way back.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    return alpha_bar_prev * x0 + (1 - alpha_bar_prev) * noise
