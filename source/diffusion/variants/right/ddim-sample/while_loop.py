# A queue of timesteps; ints for the model and the scheduler.
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    queue = list(scheduler.timesteps)
    x = torch.zeros(*shape)
    x.normal_(generator=generator)
    x.requires_grad_(False)
    while queue:
        t = queue.pop(0)
        out = model(x, t.item())
        noise = out["sample"] if isinstance(out, dict) else out.sample
        x, _ = scheduler.step(noise.detach(), int(t), x, return_dict=False)
    return x
