# Through NumPy and back.
import numpy as np


def apply_temperature(logits, temperature):
    if not (0 < temperature < np.inf):
        raise ValueError("%r is no temperature" % temperature)
    x = logits.numpy()
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(np.float32)
    return torch.from_numpy(np.divide(x, x.dtype.type(temperature)))
