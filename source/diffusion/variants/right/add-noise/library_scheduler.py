# The library's own scheduler with these levels put in.
from diffusers import DDPMScheduler


def add_noise(x0, noise, alpha_bar):
    x0 = x0 if x0.is_floating_point() else x0.float()
    scheduler = DDPMScheduler()
    scheduler.alphas_cumprod = alpha_bar.clone()
    return scheduler.add_noise(x0, noise, torch.arange(len(alpha_bar)))
