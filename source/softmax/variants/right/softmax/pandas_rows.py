# One row of a DataFrame per slice; pandas subtracts, exponentiates and divides.
import numpy as np
import pandas as pd


def softmax(logits, dim=-1):
    kind = logits.dtype if logits.is_floating_point() else torch.float32
    x = torch.atleast_1d(logits.detach().double())
    turned = x.transpose(dim, -1)
    frame = pd.DataFrame(turned.reshape(-1, turned.size(-1)).numpy())
    highest = frame.max(axis=1)
    if (highest == -np.inf).any():
        raise ValueError(f"row {int((highest == -np.inf).idxmax())} has only -inf")
    weights = np.exp(frame.sub(highest, axis=0))
    shares = weights.div(weights.sum(axis=1), axis=0)
    result = torch.tensor(shares.to_numpy()).reshape(turned.shape).transpose(dim, -1)
    return result.reshape(logits.shape).to(kind)
