# Mistake: one step more than asked.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps + 1)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in scheduler.timesteps:
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
