# Mistake: works in the caller's sample.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x_t.sub_(noise, alpha=math.sqrt(1 - alpha_bar)).div_(math.sqrt(alpha_bar))
    return math.sqrt(alpha_bar_prev) * x_t + math.sqrt(1 - alpha_bar_prev) * noise
