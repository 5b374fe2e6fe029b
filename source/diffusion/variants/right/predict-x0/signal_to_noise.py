# In terms of the ratio of noise to signal: x_t / sqrt(a) - sqrt(1/a - 1) * noise.
def predict_x0(x_t, noise, alpha_bar):
    per_sample = [slice(None)] + [None] * (x_t.dim() - 1)
    inverse = alpha_bar.to(torch.float64).reciprocal()[tuple(per_sample)]
    return (x_t * inverse.sqrt() - (inverse - 1).sqrt() * noise).to(x_t.dtype)
