# One linear combination of x_t and the noise.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    shrink = (alpha_bar_prev / alpha_bar) ** 0.5
    return shrink * x_t + ((1 - alpha_bar_prev) ** 0.5 - shrink * (1 - alpha_bar) ** 0.5) * noise
