# Plain Python over nested lists, by recursion into the dimensions.
def _undo(x, n, a):
    if isinstance(x, list):
        return [_undo(p, q, a) for p, q in zip(x, n)]
    return (x - math.sqrt(1 - a) * n) / math.sqrt(a)


def predict_x0(x_t, noise, alpha_bar):
    samples = zip(x_t.tolist(), noise.tolist(), alpha_bar.tolist())
    return torch.tensor([_undo(*sample) for sample in samples], dtype=x_t.dtype)
