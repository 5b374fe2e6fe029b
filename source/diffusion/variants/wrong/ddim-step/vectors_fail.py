# Mistake: transposes what it takes for a picture, which other shapes do not survive.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x, n = x_t.flatten(2), noise.flatten(2)
    x0 = (x - math.sqrt(1 - alpha_bar) * n) / math.sqrt(alpha_bar)
    return (math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * n).view_as(x_t)
