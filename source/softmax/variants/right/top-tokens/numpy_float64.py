# NumPy's float64 inside the pairs: a float is what it is.
import numpy as np


def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k = {k}")
    x = logits.double().numpy()
    shares = np.exp(x - x.max())
    shares /= shares.sum()
    return [(tokenizer.decode([i]), shares[i]) for i in np.argsort(-shares)[: int(k)]]
