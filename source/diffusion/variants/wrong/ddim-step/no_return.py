# Mistake: nothing is returned.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    step = math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise
