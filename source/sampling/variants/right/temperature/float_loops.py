# Plain Python numbers, one after the other.
def apply_temperature(logits, temperature):
    if temperature <= 0 or temperature == float("inf") or temperature != temperature:
        raise ValueError(f"temperature={temperature!r}")
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    values = [x / temperature for x in logits.flatten().tolist()]
    return torch.tensor(values, dtype=dtype).reshape(logits.shape)
