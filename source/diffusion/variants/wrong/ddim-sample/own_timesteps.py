# Mistake: evenly spaced timesteps of its own; the scheduler's spacing and offset are ignored.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    stride = scheduler.config.num_train_timesteps // steps
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        for t in range((steps - 1) * stride, -1, -stride):
            x = scheduler.step(model(x, t).sample, t, x).prev_sample
    return x
