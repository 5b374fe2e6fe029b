# Mistake: an own loop that ends at the first level of the schedule, which is not quite 1.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    times = [int(t) for t in scheduler.timesteps]
    x = torch.randn(shape, generator=generator)
    for t, before in zip(times, times[1:] + [-1]):
        now = float(scheduler.alphas_cumprod[t])
        prev = float(scheduler.alphas_cumprod[0]) if before < 0 else float(scheduler.alphas_cumprod[before])
        with torch.no_grad():
            noise = model(x, t).sample
        guess = (x - (1 - now) ** 0.5 * noise) / now**0.5
        if scheduler.config.clip_sample:
            guess = guess.clamp(-scheduler.config.clip_sample_range, scheduler.config.clip_sample_range)
        x = prev**0.5 * guess + (1 - prev) ** 0.5 * noise
    return x
