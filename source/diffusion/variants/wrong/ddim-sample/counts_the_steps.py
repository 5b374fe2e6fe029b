# Mistake: tells the model the number of the step, not the timestep.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for number, t in enumerate(scheduler.timesteps):
            x = scheduler.step(model(x, number).sample, t, x).prev_sample
    return x
