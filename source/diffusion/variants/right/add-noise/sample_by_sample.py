# One sample after the other, stacked.
def add_noise(x0, noise, alpha_bar):
    result = []
    for sample, one, a in zip(x0, noise, alpha_bar):
        sample = sample if sample.is_floating_point() else sample.to(torch.float32)
        a = a.to(sample.dtype)
        result.append((torch.sqrt(a) * sample + torch.sqrt(1 - a) * one).to(sample.dtype))
    return torch.stack(result)
