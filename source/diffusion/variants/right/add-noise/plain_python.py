# Lists and floats only, flat, with a helper for each number.
def mix(pixel, noise, a):
    return math.sqrt(a) * pixel + math.sqrt(1.0 - a) * noise


def add_noise(x0, noise, alpha_bar):
    per_sample = x0.numel() // len(alpha_bar)
    bars = [a for a in alpha_bar.tolist() for _ in range(per_sample)]
    pixels = zip(x0.flatten().tolist(), noise.flatten().tolist(), bars)
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    return torch.tensor([mix(*pixel) for pixel in pixels], dtype=dtype).reshape(x0.shape)
