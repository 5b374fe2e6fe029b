# Like the library: flatten, unsqueeze until it fits, everything in the sample's dtype.
class Forward:
    def __init__(self, alphas_cumprod):
        self.alphas_cumprod = alphas_cumprod

    def add_noise(self, original, noise):
        alphas = self.alphas_cumprod.to(dtype=original.dtype)
        sqrt_alpha = (alphas ** 0.5).flatten()
        sqrt_rest = ((1 - alphas) ** 0.5).flatten()
        while len(sqrt_alpha.shape) < len(original.shape):
            sqrt_alpha, sqrt_rest = sqrt_alpha.unsqueeze(-1), sqrt_rest.unsqueeze(-1)
        return sqrt_alpha * original + sqrt_rest * noise


def add_noise(x0, noise, alpha_bar):
    if not x0.dtype.is_floating_point:
        x0 = x0.float()
    return Forward(alpha_bar).add_noise(x0, noise.to(x0.dtype))
