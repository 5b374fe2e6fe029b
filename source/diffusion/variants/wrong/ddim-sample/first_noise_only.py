# Mistake: asks the model once and uses its answer for all steps.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        noise = model(x, scheduler.timesteps[0]).sample
        for t in scheduler.timesteps:
            x = scheduler.step(noise, t, x).prev_sample
    return x
