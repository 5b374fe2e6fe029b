# Records gradients all the way and detaches at the end.
def ddim_sample(model, scheduler, shape, steps, generator):
    sample = torch.randn(size=tuple(shape), generator=generator)
    scheduler.set_timesteps(steps)
    for index in range(steps):
        t = scheduler.timesteps[index]
        residual = model(sample=sample, timestep=t)[0]
        sample = scheduler.step(model_output=residual, timestep=t, sample=sample).prev_sample
    return sample.detach()
