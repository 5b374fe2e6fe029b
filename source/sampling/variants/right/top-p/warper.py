# The library's own warper, which wants two dimensions and changes something at p = 1.
from transformers import TopPLogitsWarper


def top_p_filter(logits, p):
    if not 0.0 < p <= 1.0:
        raise ValueError(f"top_p is {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1.0:
        return x
    rows = x.reshape(-1, x.shape[-1])
    keep = torch.isfinite(TopPLogitsWarper(p)(None, rows.double()))
    return rows.masked_fill(~keep, -math.inf).view_as(x)
