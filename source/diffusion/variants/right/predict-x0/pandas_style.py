# A frame with a row for each sample.
import numpy as np
import pandas as pd


def predict_x0(x_t, noise, alpha_bar):
    rows = x_t.shape[0]
    x = pd.DataFrame(x_t.reshape(rows, -1).numpy().astype("float64"))
    n = pd.DataFrame(noise.reshape(rows, -1).numpy().astype("float64"))
    a = pd.Series(alpha_bar.numpy().astype("float64"))
    x0 = x.sub(n.mul(np.sqrt(1 - a), axis=0)).div(np.sqrt(a), axis=0)
    return torch.tensor(x0.to_numpy()).reshape(x_t.shape).to(x_t.dtype)
