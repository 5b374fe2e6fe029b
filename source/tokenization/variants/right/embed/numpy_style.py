# NumPy's take.
import numpy as np


def embed(input_ids, table):
    return torch.from_numpy(np.take(table.numpy(), input_ids.numpy(), axis=0))
