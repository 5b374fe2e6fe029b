# An outer product with one number.
def apply_temperature(logits, temperature):
    if temperature <= 0.0 or not math.isfinite(temperature):
        raise ValueError(f"temperature is {temperature}, should be finite and > 0")
    x = logits if logits.is_floating_point() else logits.to(torch.float32)
    inverse = torch.tensor(1.0 / temperature, dtype=x.dtype)
    return torch.einsum("...,->...", x, inverse)
