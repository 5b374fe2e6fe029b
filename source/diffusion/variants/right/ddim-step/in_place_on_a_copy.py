# In place, on a copy.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    x = x_t.clone()
    x.sub_(noise, alpha=(1 - alpha_bar) ** 0.5).div_(alpha_bar**0.5)
    x.mul_(alpha_bar_prev**0.5).add_(noise, alpha=(1 - alpha_bar_prev) ** 0.5)
    return x
