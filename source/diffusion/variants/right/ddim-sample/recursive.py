# Recursion over the timesteps.
def _go_on(model, scheduler, x, times):
    if len(times) == 0:
        return x
    with torch.no_grad():
        noise = model(x, times[0]).sample
    return _go_on(model, scheduler, scheduler.step(noise, times[0], x).prev_sample, times[1:])


def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    return _go_on(model, scheduler, torch.randn(list(shape), generator=generator), scheduler.timesteps)
