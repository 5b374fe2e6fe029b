# By way of the score: the guess from Tweedie's formula.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    score = -noise / math.sqrt(1 - alpha_bar)
    x0 = (x_t + (1 - alpha_bar) * score) / math.sqrt(alpha_bar)
    return math.sqrt(alpha_bar_prev) * x0 - math.sqrt(1 - alpha_bar_prev) * math.sqrt(1 - alpha_bar) * score
