# A scheduler of its own from the given one's settings, a progress bar, the model in eval mode and its gradients detached.
from tqdm.auto import tqdm


def ddim_sample(model, scheduler, shape, steps, generator):
    own = DDIMScheduler.from_config(scheduler.config)
    own.set_timesteps(steps)
    model.eval()
    x = torch.empty(tuple(shape)).normal_(generator=generator)
    for t in tqdm(own.timesteps):
        x = own.step(model(x, t).sample.detach(), t, x).prev_sample
    return x
