# Folds logaddexp over the slices in float64, then exp(x - total); a progress bar for the fold.
from tqdm import tqdm


def softmax(logits, dim=-1):
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    x = logits.double()
    parts = [x] if x.dim() == 0 else list(x.unbind(dim))
    total = parts[0]
    for part in tqdm(parts[1:], leave=False):
        total = torch.logaddexp(total, part)
    if (total == float("-inf")).any():
        raise ValueError("empty support: all -inf")
    if x.dim():
        total = total.unsqueeze(dim)
    return torch.exp(x - total).to(dtype)
