# NumPy's argsort, reversed; Python floats by float().
import numpy as np


def top_tokens(logits, tokenizer, k: int = 10):
    if k < 1:
        raise ValueError(f"{k} is not a number of tokens")
    x = logits.detach().double().numpy()
    p = np.exp(x - x.max())
    p /= p.sum()
    best = np.argsort(p)[::-1][:k]
    return [(tokenizer.decode(int(i)), float(p[i])) for i in best]
