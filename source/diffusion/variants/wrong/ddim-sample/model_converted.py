# Mistake: converts the caller's model to float64.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        model.double()
        for t in scheduler.timesteps:
            x = scheduler.step(model(x.double(), t).sample.float(), t, x).prev_sample
    return x
