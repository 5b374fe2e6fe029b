# Mistake: returns all samples on the way.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        way = [x]
        for t in scheduler.timesteps:
            way.append(scheduler.step(model(way[-1], t).sample, t, way[-1]).prev_sample)
    return torch.stack(way)
