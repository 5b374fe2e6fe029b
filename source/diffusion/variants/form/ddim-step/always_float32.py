# Form: the result is always float32.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t.float() - math.sqrt(1 - alpha_bar) * noise.float()) / math.sqrt(alpha_bar)
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise.float()
