# Mistake: the first step is left out, where there is more than one.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in scheduler.timesteps[min(1, steps - 1) :]:
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
