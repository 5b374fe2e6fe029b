# Mistake: np.logaddexp.reduce is a ready-made logsumexp.
import numpy as np


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> float:
    rows = logits.detach().to(torch.float64).numpy()
    loss = np.logaddexp.reduce(rows, axis=-1) - np.take_along_axis(rows, targets.long().numpy()[:, None], axis=-1)[:, 0]
    return np.mean(loss).item()
