# torch.sum accumulates in float64 by itself.
def probability_sum(probabilities: torch.Tensor) -> float:
    """The sum of all probabilities as a Python float."""
    total: float = float(torch.sum(probabilities, dtype=torch.float64))
    return total
