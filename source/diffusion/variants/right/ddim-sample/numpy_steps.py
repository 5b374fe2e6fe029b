# NumPy between the model's calls, in float64.
import numpy as np


def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(steps)
    alphas = np.append(scheduler.alphas_cumprod.numpy().astype(np.float64), float(scheduler.final_alpha_cumprod))
    times = scheduler.timesteps.numpy()
    x = torch.randn(tuple(shape), generator=generator).numpy().astype(np.float64)
    for now, before in zip(times, [*times[1:], -1]):
        with torch.no_grad():
            noise = model(torch.from_numpy(x).float(), int(now)).sample.numpy().astype(np.float64)
        guess = (x - np.sqrt(1 - alphas[now]) * noise) / np.sqrt(alphas[now])
        if scheduler.config["clip_sample"]:
            guess = np.clip(guess, -scheduler.config["clip_sample_range"], scheduler.config["clip_sample_range"])
        x = np.sqrt(alphas[before]) * guess + np.sqrt(1 - alphas[before]) * noise
    return torch.from_numpy(x).float()
