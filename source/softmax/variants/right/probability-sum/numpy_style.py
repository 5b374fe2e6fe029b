# NumPy, after a detour because bfloat16 has no NumPy type.
import numpy as np


def probability_sum(probabilities):
    array = probabilities.detach().to(torch.float64).cpu().numpy()
    return float(np.add.reduce(array, axis=None))
