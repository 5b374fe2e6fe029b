# Mistake: rounds the caller's weights to half precision.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half().float())
        for t in scheduler.timesteps:
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
