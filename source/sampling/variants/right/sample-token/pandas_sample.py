# pandas draws one row, weighted.
import pandas as pd


def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    x = apply_temperature(logits, temperature)
    if top_k is not None:
        x = top_k_filter(x, top_k)
    if top_p is not None:
        x = top_p_filter(x, top_p)
    shares = pd.Series(torch.softmax(x.double(), -1).numpy())
    shares = shares[shares > 0]
    seed = int(torch.randint(0, 2**31, (), generator=generator))
    return int(shares.sample(1, weights=shares, random_state=seed).index[0])
