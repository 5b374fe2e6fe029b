# Hands the model one timestep for each picture, and works out previous timesteps as the library does.
class Sampler:
    def __init__(self, scheduler, steps):
        scheduler.set_timesteps(steps)
        self.scheduler, self.stride = scheduler, scheduler.config.num_train_timesteps // steps

    def bar(self, t):
        return self.scheduler.alphas_cumprod[t] if t >= 0 else self.scheduler.final_alpha_cumprod

    def step(self, x, noise, t):
        now, before = self.bar(t), self.bar(t - self.stride)
        guess = (x - (1 - now).sqrt() * noise) / now.sqrt()
        if self.scheduler.config.clip_sample:
            guess = guess.clamp(-self.scheduler.config.clip_sample_range, self.scheduler.config.clip_sample_range)
        return before.sqrt() * guess + (1 - before).sqrt() * noise


def ddim_sample(model, scheduler, shape, steps, generator):
    sampler = Sampler(scheduler, steps)
    x = torch.randn(torch.Size(shape), generator=generator)
    with torch.no_grad():
        for t in scheduler.timesteps:
            x = sampler.step(x, model(x, t.expand(len(x))).sample, int(t))
    return x
