# Mistake: with hardly any noise left the sample comes back as it is.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    if alpha_bar > 0.999:
        return x_t.clone()
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise
