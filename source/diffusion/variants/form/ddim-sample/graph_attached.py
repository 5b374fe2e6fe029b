# Form: the graph stays attached, since nothing turns gradients off.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    for t in scheduler.timesteps:
        x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
