# One dimension after the other, recursively.
def apply_temperature(logits, temperature):
    if temperature in (math.inf, -math.inf) or not temperature > 0:
        raise ValueError(f"{temperature} is not a temperature")
    if logits.dim() > 1 and len(logits):
        return torch.stack([apply_temperature(row, temperature) for row in logits])
    return torch.div(logits, temperature)
