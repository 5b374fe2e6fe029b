# NumPy draws, from a seed that the given generator draws.
import numpy as np


def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    p = torch.softmax(x.double(), -1).numpy()
    rng = np.random.default_rng(torch.randint(2**62, (1,), generator=generator).item())
    return int(rng.choice(len(p), p=p / p.sum()))
