# Mistake: an own loop that does not limit the guess where the scheduler does.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    times = [int(t) for t in scheduler.timesteps]
    x = torch.randn(shape, generator=generator)
    for t, before in zip(times, times[1:] + [-1]):
        now = float(scheduler.alphas_cumprod[t])
        prev = float(scheduler.final_alpha_cumprod) if before < 0 else float(scheduler.alphas_cumprod[before])
        with torch.no_grad():
            noise = model(x, t).sample
        guess = (x - (1 - now) ** 0.5 * noise) / now**0.5
        x = prev**0.5 * guess + (1 - prev) ** 0.5 * noise
    return x
