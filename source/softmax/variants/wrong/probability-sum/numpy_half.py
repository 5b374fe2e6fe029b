# Mistake: NumPy adds half precision in half precision.
import numpy as np


def probability_sum(probabilities):
    p = probabilities.half() if probabilities.dtype == torch.bfloat16 else probabilities
    return float(np.sum(p.numpy(), dtype=np.float64 if p.dtype != torch.float16 else np.float16))
