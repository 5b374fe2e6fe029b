# Mistake: the guess of the last step is returned, also where the scheduler ends with a little noise.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in scheduler.timesteps:
            out = scheduler.step(model(x, t).sample, t, x)
            x = out.prev_sample
    return out.pred_original_sample
