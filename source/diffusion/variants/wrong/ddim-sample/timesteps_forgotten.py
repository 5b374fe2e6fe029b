# Mistake: never tells the scheduler how many steps there are.
def ddim_sample(model, scheduler, shape, steps, generator):
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in scheduler.timesteps[:steps]:
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
