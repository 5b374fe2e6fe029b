# Mistake: takes the guess for the result as soon as little noise is left.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    if alpha_bar_prev > 0.99:
        return x0
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise
