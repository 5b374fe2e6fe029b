# The steps in float64, the network in float32.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator).double()
    with torch.no_grad():
        for t in scheduler.timesteps:
            x = scheduler.step(model(x.float(), t).sample.double(), t, x).prev_sample.double()
    return x.to(torch.float32)
