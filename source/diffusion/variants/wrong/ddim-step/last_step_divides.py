# Mistake: goes through the ratio of noise to noise, which the last step divides by 0.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x0 = (x_t - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)
    signal_to_noise = alpha_bar_prev / (1 - alpha_bar_prev)
    return math.sqrt(1 - alpha_bar_prev) * (math.sqrt(signal_to_noise) * x0 + noise)
