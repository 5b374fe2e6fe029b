# Mistake: takes a schedule of 1,000 steps for granted.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in range(1000 - 1000 // steps, -1, -(1000 // steps)) if steps > 1 else [0]:
            t = min(t, len(scheduler.alphas_cumprod) - 1)
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
