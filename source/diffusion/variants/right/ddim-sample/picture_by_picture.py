# All the noise at once, then one picture after the other.
from functools import reduce


def ddim_sample(model, scheduler, shape, steps, generator):
    noise = torch.randn(tuple(shape), generator=generator, dtype=torch.float32)
    scheduler.set_timesteps(steps)

    def step(x, t):
        return scheduler.step(model(x, t).sample, t, x)["prev_sample"]

    with torch.no_grad():
        return torch.cat([reduce(step, scheduler.timesteps, picture) for picture in noise.split(1)])
