# The student's own ddim_step where the scheduler sets no limits, predict_x0 and add_noise where it does.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    times = scheduler.timesteps.tolist()
    bars = [float(scheduler.alphas_cumprod[t]) for t in times] + [float(scheduler.final_alpha_cumprod)]
    x = torch.randn(tuple(shape), generator=generator)
    for t, bar, prev in zip(times, bars, bars[1:]):
        with torch.no_grad():
            noise = model(x, t).sample
        if scheduler.config.clip_sample:
            limit = scheduler.config.clip_sample_range
            x0 = predict_x0(x, noise, torch.full((len(x),), bar)).clamp(-limit, limit)
            x = add_noise(x0, noise, torch.full((len(x),), prev))
        else:
            x = ddim_step(x, noise, bar, prev)
    return x
