# The step as an Euler step of the ODE in Song et al., eq. 14: x / sqrt(a) moves along the noise by the change of sigma.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    sigma = lambda a: math.sqrt((1.0 - a) / a)
    scaled = x_t / math.sqrt(alpha_bar)
    scaled = scaled + (sigma(alpha_bar_prev) - sigma(alpha_bar)) * noise
    return scaled * math.sqrt(alpha_bar_prev)
