# Mistake: alpha_bar is kept above 0.01.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    a = max(alpha_bar, 0.01)
    x0 = (x_t - math.sqrt(1 - a) * noise) / math.sqrt(a)
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise
