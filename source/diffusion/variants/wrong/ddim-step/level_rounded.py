# Mistake: keeps alpha_bar_prev below 1 "for stability".
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    prev = min(alpha_bar_prev, 0.9999)
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    return math.sqrt(prev) * x0 + math.sqrt(1 - prev) * noise
