# Mistake: an alpha_bar below a hundred-thousandth counts as that.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    a = max(alpha_bar, 1e-5)
    x0 = (x_t - math.sqrt(1 - a) * noise) / math.sqrt(a)
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise
