# The batch moved to the end, where broadcasting looks first.
def add_noise(x0, noise, alpha_bar):
    dtype = x0.dtype if x0.is_floating_point() else torch.float32
    bars = alpha_bar.to(torch.promote_types(dtype, torch.float32))
    last = lambda tensor: tensor.movedim(0, -1)
    return (last(x0) * bars ** 0.5 + last(noise) * (1 - bars) ** 0.5).movedim(-1, 0).to(dtype).contiguous()
